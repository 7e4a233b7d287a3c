import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { updateTxt } from '../../../src/engine/acme/client/dns-update.ts'
import type { Bind } from './bind.ts'

/**
 * A server with the API of acme-dns (github.com/acme-dns/acme-dns, README, "API"), of which there is no package:
 * /register and /update, the last two values of each subdomain, the checks that it makes. Its DNS is a real BIND.
 */
export interface AcmeDns {
  url: string
  /** Requests by path and status code. */
  asked: string[]
  register(): Promise<{ username: string; password: string; subdomain: string; fulldomain: string }>
  close(): Promise<void>
}

interface Account {
  username: string
  password: string
  subdomain: string
  values: string[]
}

export async function startAcmeDns(bind: Bind, zone: string): Promise<AcmeDns> {
  const accounts: Account[] = []
  const asked: string[] = []
  const change = (act: 'add' | 'remove', subdomain: string, value: string) =>
    updateTxt(
      { server: '127.0.0.1', port: bind.port, zone, keyName: bind.keyName, algorithm: 'hmac-sha256' },
      Buffer.from(bind.secret, 'base64'),
      { act, name: `${subdomain}.${zone}`, value },
    )

  async function update(request: IncomingMessage): Promise<[number, object]> {
    const { subdomain, txt } = JSON.parse(await bodyOf(request)) as { subdomain?: string; txt?: string }
    const { 'x-api-user': username, 'x-api-key': password } = request.headers
    const account = accounts.find((each) => each.username === username && each.password === password)
    if (!account || account.subdomain !== subdomain) return [401, { error: 'forbidden' }]
    if (!/^[\w-]{43}$/.test(txt ?? '')) return [400, { error: 'bad_txt' }]
    await change('add', account.subdomain, txt ?? '')
    account.values.push(txt ?? '')
    const [oldest] = account.values
    if (account.values.length > 2 && oldest !== undefined) {
      account.values.shift()
      await change('remove', account.subdomain, oldest)
    }
    return [200, { txt }]
  }

  function register(): [number, object] {
    const password = randomBytes(30).toString('base64url')
    const account = { username: randomUUID(), password, subdomain: randomUUID(), values: [] }
    accounts.push(account)
    const { values: _values, ...told } = account
    return [201, { ...told, fulldomain: `${account.subdomain}.${zone}`, allowfrom: [] }]
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isPost = request.method === 'POST'
    const [status, body] =
      isPost && request.url === '/update'
        ? await update(request)
        : isPost && request.url === '/register'
          ? register()
          : [404, { error: 'not_found' }]
    asked.push(`${request.url} ${status}`)
    response.writeHead(status as number, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    async register() {
      const response = await fetch(`${url}/register`, { method: 'POST' })
      return (await response.json()) as Awaited<ReturnType<AcmeDns['register']>>
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
