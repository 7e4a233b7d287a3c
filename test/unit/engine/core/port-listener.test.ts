import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PortListener } from '../../../../src/engine/core/port-listener.ts'
import type { Log } from '../../../../src/engine/core/log.ts'

interface Opened {
  port: number
  close(): Promise<void>
}

let logged: string[]
let listener: PortListener<Opened>
beforeEach(() => {
  logged = []
  const log = { error: (_fields: object, message: string) => logged.push(message) } as unknown as Log
  listener = new PortListener(log, 'The test listener')
})
afterEach(() => listener.close())

function listenOn(port: number): Promise<Opened> {
  const server = createServer()
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port, close }))
  })
}
const rejected = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))

describe('opening a listener', () => {
  test('stays on its port, and takes any where none is asked for', async () => {
    const first = await listener.open(0, () => listenOn(0))
    expect(await listener.open(0, () => expect.unreachable())).toBe(first)
    expect(await listener.open(first.port, () => expect.unreachable())).toBe(first)
    expect(listener.port).toBe(first.port)
  })

  test('moves to another port and leaves the one before', async () => {
    const { port } = await listener.open(0, () => listenOn(0))
    const free = await listenOn(0)
    await free.close()
    await listener.open(free.port, () => listenOn(free.port))
    expect(listener.port).toBe(free.port)
    await (await listenOn(port)).close()
  })

  test.each([
    ['EADDRINUSE', 'edge.port_taken'],
    ['EACCES', 'edge.port_forbidden'],
  ])('keeps the present listener where the system answers %s', async (code, expected) => {
    const present = await listener.open(0, () => listenOn(0))
    await expect(listener.open(1, rejected(code))).rejects.toMatchObject({
      code: expected,
      data: { port: 1 },
    })
    expect(listener.current).toBe(present)
  })
})

describe('following a setting', () => {
  test('opens, moves and closes the listener', async () => {
    await listener.follow(0, listenOn)
    expect(listener.current).not.toBeNull()
    await listener.follow(null, () => expect.unreachable())
    expect([listener.current, listener.port, listener.problem]).toEqual([null, null, null])
  })

  test('is closed in the end where the setting is turned off while it opens', async () => {
    const opening = listener.follow(0, listenOn)
    await listener.follow(null, () => expect.unreachable())
    await opening
    expect([listener.current, listener.problem]).toEqual([null, null])
  })

  test('opens once where two changes follow each other at once', async () => {
    const { port, close } = await listenOn(0)
    await close()
    await Promise.all([listener.follow(port, listenOn), listener.follow(port, listenOn)])
    expect([listener.port, listener.problem]).toEqual([port, null])
  })

  test.each([
    ['EADDRINUSE', 'Port 7 is in use by another program.'],
    ['EACCES', 'Permission denied for port 7.'],
    ['EMFILE', 'It cannot listen on port 7 (EMFILE).'],
  ])('names the problem where the system answers %s, and forgets it later', async (code, problem) => {
    await listener.follow(7, rejected(code))
    expect([listener.current, listener.problem]).toEqual([null, problem])
    expect(logged).toEqual(['The test listener could not be opened'])
    await listener.follow(null, () => expect.unreachable())
    expect(listener.problem).toBeNull()
  })
})

test('logs what a request failed with', () => {
  listener.failed(new Error('broken'))
  expect(logged).toEqual(['The test listener failed at a request'])
})
