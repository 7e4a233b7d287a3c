import { EventEmitter } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ElectronApi } from '../../../src/main/electron-api.ts'
import { fetchManifest } from '../../../src/main/updates/feed.ts'
import { sessionFetch } from '../../../src/main/updates/session-fetch.ts'

const server = createServer()
const open = new Set<ServerResponse>()
afterEach(() => {
  server.closeAllConnections()
  server.removeAllListeners('request')
  return new Promise<void>((resolve) => server.close(() => resolve()))
})

/** Electron's requests over Node's, which tell of an answer by the same events. */
const electron = {
  session: { fromPartition: () => ({}) },
  net: {
    request({ url }: { url: string }) {
      const told = new EventEmitter()
      const request = get(url, (answer: IncomingMessage) => told.emit('response', answer))
      request.on('error', (error) => told.emit('error', error))
      return Object.assign(told, { abort: () => request.destroy(), end: () => undefined })
    },
  },
} as unknown as Pick<ElectronApi, 'net' | 'session'>

/** Checks for updates at a server that answers by `answer`; an uncaught exception fails the run. */
async function lookAt(answer: (response: ServerResponse) => void): Promise<unknown> {
  server.on('request', (_request, response: ServerResponse) => {
    open.add(response)
    response.on('close', () => open.delete(response))
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const feed = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return fetchManifest(sessionFetch(electron), { feed, publicKey: '' }, new AbortController().signal).then(
    () => 'taken',
    ({ code }: { code: string }) => code,
  )
}

function endlessly(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024)
  const timer = setInterval(() => response.write(piece), 1)
  response.on('close', () => clearInterval(timer))
}

test.each([304, 404, 600, 999])('an update server that answers %d is reported as that', async (status) => {
  expect(await lookAt((response) => void response.writeHead(status).end())).toBe('update.unreachable')
})

test.each([204, 205])('a list of updates that is empty (%d) is none', async (status) => {
  expect(await lookAt((response) => void response.writeHead(status).end())).toBe('update.untrusted')
})

test.each([
  [200, 'update.untrusted'],
  [500, 'update.unreachable'],
])(
  'a server that answers %d without end is left, and nothing more is taken from it',
  async (status, code) => {
    const answered = lookAt((response) => {
      response.writeHead(status)
      endlessly(response)
    })
    expect(await answered).toBe(code)
    await expect.poll(() => open.size).toBe(0)
  },
)
