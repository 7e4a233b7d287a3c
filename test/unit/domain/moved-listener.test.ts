import { expect, test } from 'vitest'
import {
  movedListenerAdvice,
  movedListenerMessage,
  movedListeners,
} from '../../../src/domain/moved-listener.ts'

const listener = {
  port: 444,
  wantedPort: 443,
  addresses: ['127.0.0.1'],
  isTaken: true,
  isForbidden: false,
  takenBy: 'nginx (process 812)',
}

test('names the port that another program has, its program, and the port in addresses', () => {
  const moved = movedListeners({ https: listener, http: { ...listener, port: 80, wantedPort: 80 } })
  expect(moved.map(movedListenerMessage)).toEqual([
    'Port 443 is taken by nginx (process 812), so https:// addresses end in :444.',
  ])
})

test('names no program that is unknown, and nothing where the edge does not listen', () => {
  const [moved] = movedListeners({ https: null, http: { ...listener, takenBy: null } })
  expect(moved && movedListenerMessage(moved)).toBe('Port 443 is taken, so http:// addresses end in :444.')
})

test('says that a port is free again, and how to take it', () => {
  const [moved] = movedListeners({ https: { ...listener, isTaken: false, takenBy: null }, http: null })
  expect(moved && movedListenerAdvice(moved)).toBe(
    'Port 443 is free again, but https:// addresses still end in :444. Run "edgekeep ports retry".',
  )
})

test('says that the system forbids a port, and both ways on', () => {
  const forbidden = { ...listener, port: 8443, isForbidden: true, takenBy: null }
  const [moved] = movedListeners({ https: forbidden, http: null })
  expect(moved && movedListenerAdvice(moved)).toBe(
    'Port 443 needs privileges that this user does not have, so https:// addresses end in :8443. Allow it with "edgekeep ports install", or keep this one: edgekeep settings --https-port 8443',
  )
})
