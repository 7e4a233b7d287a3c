import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { asEdgekeepError, type Frames } from '../../../../src/client/client.ts'
import { sentEvent } from '../../../../src/contract/domains/listed-domain.ts'
import { contract } from '../../../../src/contract/procedures.ts'
import { createEngineLink, type EngineLink } from '../../../../src/renderer/connection/engine-link.ts'
import { domainFacts } from '../features/domains/domain-facts.ts'
import { waits } from '../../../support/waits.ts'

let server: WebSocketServer | undefined
let link: EngineLink | undefined

afterEach(() => {
  link?.close()
  stop()
})

/** Starts an engine that answers list calls alone, on a real socket. */
async function answer(names: string[], port = 0): Promise<number> {
  const os = implement(contract)
  const router = {
    domains: {
      watch: os.domains.watch.handler(async function* ({ signal }) {
        const items = names.map((name) => domainFacts({ name, displayName: name }))
        yield sentEvent({ type: 'snapshot', items, complete: true })
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      }),
    },
  }
  const handler = new RPCHandler(router)
  server = new WebSocketServer({ host: '127.0.0.1', port })
  server.on('connection', (socket) => void handler.upgrade(socket))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function stop(): void {
  for (const socket of server?.clients ?? []) socket.terminate()
  server?.close()
  server = undefined
}

function openAt(port: number): Promise<Frames> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/frames`)
    socket.addEventListener('open', () => resolve(socket))
    socket.addEventListener('error', () => reject(new Error('nobody listens')))
  })
}

const namesIn = (state: { items: readonly { name: string }[] }) => state.items.map(({ name }) => name)

describe('the window’s tie to the engine', () => {
  test('mirrors the lists, keeps them while the engine is away, and reads them anew when it is back', async () => {
    const port = await answer(['shop.test'])
    link = createEngineLink(() => openAt(port))
    const { domains, connection, client } = link
    await vi.waitFor(() => expect(domains.getState().status).toBe('live'), waits)
    expect(namesIn(domains.getState())).toEqual(['shop.test'])

    stop()
    await vi.waitFor(() => expect(connection.getState()).toBe('lost'), waits)
    await vi.waitFor(() => expect(domains.getState().status).toBe('stale'), waits)
    expect(namesIn(domains.getState())).toEqual(['shop.test'])
    const refused = await client.domains.list().catch((error: unknown) => asEdgekeepError(error))
    expect(refused).toMatchObject({ code: 'engine.unreachable' })

    await answer(['blog.test'], port)
    await vi.waitFor(() => expect(namesIn(domains.getState())).toEqual(['blog.test']), waits)
    expect(connection.getState()).toBe('connected')
  })
})
