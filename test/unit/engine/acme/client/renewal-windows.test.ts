import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askRenewalWindows, type WindowQuestion } from '../../../../../src/engine/acme/client/renewal-info.ts'
import { startHostileDirectory, type HostileDirectory } from '../../../../support/acme/hostile-directory.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' })
const parts = {
  clock: () => new Date(),
  vault: { acmeAccounts: { withKey: (_id: string, use: (pem: typeof keyPem) => unknown) => use(keyPem) } },
} as unknown as Parameters<typeof askRenewalWindows>[0]

let server: HostileDirectory
let stalled: Server
beforeEach(async () => {
  server = await startHostileDirectory()
  // Accepts connections, and says nothing.
  stalled = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(stalled, 'listening')
})
afterEach(async () => {
  stalled.close()
  await server.close()
})

function question(directoryUrl: string, id: string): WindowQuestion & { outcome: () => unknown } {
  let outcome: unknown = 'nothing'
  const account = {
    id: directoryUrl,
    directoryUrl,
    rootsPem: server.rootPem,
    mayBePrivate: true,
    accountUrl: null,
  }
  return {
    id,
    account: account as unknown as WindowQuestion['account'],
    found: () => (outcome = 'found'),
    failed: () => (outcome = 'failed'),
    outcome: () => outcome,
  }
}

const suggestedWindow = { start: '2027-01-01T00:00:00Z', end: '2027-01-02T00:00:00Z' }

test('a stalled authority costs its own questions alone, and ends in time', async () => {
  const { port } = stalled.address() as { port: number }
  server.instead.set('/renewal/good', () => ({ body: { suggestedWindow } }))
  const questions = [
    question(`https://127.0.0.1:${port}/dir`, 'late'),
    question(server.url, 'good'),
    question(server.url, 'unknown'),
  ]
  await askRenewalWindows(parts, questions, new AbortController().signal, 1_000)
  expect(questions.map(({ outcome }) => outcome())).toEqual(['failed', 'found', 'failed'])
})

test('one authority is asked over one session, whose directory is read once', async () => {
  const ids = Array.from({ length: 9 }, (_, at) => `id${at}`)
  for (const id of ids) server.instead.set(`/renewal/${id}`, () => ({ body: { suggestedWindow } }))
  const questions = ids.map((id) => question(server.url, id))
  await askRenewalWindows(parts, questions, new AbortController().signal)
  expect(new Set(questions.map(({ outcome }) => outcome()))).toEqual(new Set(['found']))
  expect(server.asked.filter((path) => path === '/dir')).toHaveLength(1)
})

test('an answer that never ends costs its question alone', async () => {
  server.instead.set('/renewal/silent', () => ({ silent: true }))
  server.instead.set('/renewal/good', () => ({ body: { suggestedWindow } }))
  const questions = ['silent', 'good'].map((id) => question(server.url, id))
  await askRenewalWindows(parts, questions, new AbortController().signal, 1_000)
  expect(questions.map(({ outcome }) => outcome())).toEqual(['failed', 'found'])
})

test('nothing is reported after the end of the engine', async () => {
  const ending = new AbortController()
  const late = question(server.url, 'silent')
  server.instead.set('/renewal/silent', () => {
    ending.abort()
    return { silent: true }
  })
  await askRenewalWindows(parts, [late], ending.signal)
  expect(late.outcome()).toBe('nothing')
})
