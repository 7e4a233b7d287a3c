import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Client } from '../../../src/client/client.ts'
import type { ProofPageEvent } from '../../../src/contract/trust/trust.ts'

/** Page that waits for a browser; `next` returns the events after its address. */
export interface OpenPage {
  address: string
  next(): Promise<ProofPageEvent>
  abort(): void
}

export async function openPage(client: Pick<Client, 'trust'>): Promise<OpenPage> {
  const controller = new AbortController()
  return pageOf(await client.trust.provePage(undefined, { signal: controller.signal }), controller)
}

/** Opens a page from its event stream. */
export async function pageOf(
  stream: AsyncIterable<ProofPageEvent>,
  controller: AbortController,
): Promise<OpenPage> {
  const events = stream[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await events.next()
    if (done) throw new Error('The stream of the page has ended.')
    return value as ProofPageEvent
  }
  const first = await next()
  if (first.type !== 'page') throw new Error('The address comes first.')
  return { address: first.address, next, abort: () => controller.abort() }
}

export interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string | string[]>
  /** Loopback address to connect to. */
  to?: string
}
interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'

/** Sends a request to the loopback address, whatever the host name; null if the connection fails. */
export async function sendTo(address: string, sent: Sent = {}): Promise<Answer | null> {
  const { method = 'GET', path = '/', to = '127.0.0.1' } = sent
  const { port, host } = new URL(address)
  const headers = { host, 'user-agent': userAgent, ...sent.headers }
  const { promise, resolve } = Promise.withResolvers<Answer | null>()
  const asking = request({ host: to, port, method, path, headers, agent: false }, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (text: string) => (body += text))
    response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    response.once('error', () => resolve(null))
  })
  asking.once('error', () => resolve(null))
  asking.end()
  return promise
}

export const statusOf = async (address: string, sent?: Sent) => (await sendTo(address, sent))?.status ?? null
/** Asks for the verdict, as the page does. */
export const verdictOf = (page: Pick<OpenPage, 'address'>) =>
  sendTo(page.address, {
    method: 'POST',
    path: '/verdict',
    headers: { origin: new URL(page.address).origin },
  })

export function targetsIn(body: string): [control: string, proof: string] {
  const [control, proof] = [...body.matchAll(/await ask\("(https:[^"]+)"\)/g)].map(([, address]) => address)
  if (!control || !proof) throw new Error(`The page asks for nothing: ${body}`)
  return [control, proof]
}

/** Fetches as a page does, with the client's trust anchors. */
export async function ask(
  address: string,
  trusts: { ca?: string; rejectUnauthorized?: boolean },
): Promise<boolean> {
  const { hostname, port, pathname } = new URL(address)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  secureRequest(
    {
      host: '127.0.0.1',
      port,
      path: pathname,
      servername: hostname,
      agent: false,
      headers: { host: `${hostname}:${port}` },
      ...trusts,
    },
    (response) => response.resume().once('end', () => resolve(true)),
  )
    .once('error', () => resolve(false))
    .end()
  return promise
}
