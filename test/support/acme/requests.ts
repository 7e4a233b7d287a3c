import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Agent, request } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { publicJwk, thumbprint } from '../../../src/engine/acme/jose/jwk.ts'
import { signJws } from '../../../src/engine/acme/jose/jws.ts'
import { makeRequest } from '../../../src/pki/issue/request.ts'
import { readLeafNames } from '../../../src/pki/issue/leaf-names.ts'
import type { AcmeAt } from './programs.ts'

export interface AcmeReply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json: () => Record<string, unknown>
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

export function csrFor(names: string[], privateKey = newKey()): string {
  return makeRequest({ names: readLeafNames(names), privateKey }).toString('base64url')
}

function identifiersOf(names: string[]): object[] {
  return names.map((value) => ({ type: /^[\d.:]+$/.test(value) ? 'ip' : 'dns', value }))
}

/** ACME client that can also send what no real one would. */
export class RawAcme {
  readonly base: string
  readonly #ca: Buffer
  readonly #agent: Agent | false
  key = newKey()
  kid = ''

  /** @param agent Without one, each request has a connection of its own. */
  constructor(at: Pick<AcmeAt, 'directory' | 'root'>, agent: Agent | false = false) {
    this.#agent = agent
    this.base = at.directory.replace(/\/directory$/, '')
    this.#ca = readFileSync(at.root)
  }

  async send(
    method: string,
    url: string,
    { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<AcmeReply> {
    const { promise, resolve, reject } = Promise.withResolvers<AcmeReply>()
    const sent = request(
      url,
      { method, ca: this.#ca, headers, agent: this.#agent, servername: 'localhost' },
      (response) => {
        const { statusCode: status = 0, headers: got } = response
        buffer(response).then((bytes) => {
          const text = bytes.toString('utf8')
          resolve({ status, headers: got, text, json: () => JSON.parse(text) as Record<string, unknown> })
        }, reject)
      },
    )
    sent.on('error', reject).end(body)
    return promise
  }

  async nonce(): Promise<string> {
    const { headers } = await this.send('HEAD', `${this.base}/new-nonce`)
    return String(headers['replay-nonce'])
  }

  /** A signed request, with whatever of its header is to be otherwise. */
  async post(path: string, payload: object | null, header: Record<string, unknown> = {}): Promise<AcmeReply> {
    const url = path.startsWith('https:') ? path : `${this.base}${path}`
    const signer = this.kid === '' ? { jwk: publicJwk(this.key) } : { kid: this.kid }
    const nonce = await this.nonce()
    return this.postJws(url, signJws({ nonce, url, ...signer, ...header }, payload, this.key))
  }

  postJws(url: string, jws: object): Promise<AcmeReply> {
    const headers = { 'content-type': 'application/jose+json' }
    return this.send('POST', url, { body: JSON.stringify(jws), headers })
  }

  async register(payload: object = {}): Promise<AcmeReply> {
    const reply = await this.post('/new-account', payload)
    if (reply.status < 300) this.kid = String(reply.headers['location'])
    return reply
  }

  order(names: string[], more: object = {}): Promise<AcmeReply> {
    return this.post('/new-order', { identifiers: identifiersOf(names), ...more })
  }

  /** Retries after a rejected nonce (RFC 8555, section 6.5) and after a 503, without end. */
  async insist(path: string, payload: object | null): Promise<AcmeReply> {
    for (;;) {
      const reply = await this.post(path, payload)
      if (reply.status < 400) return reply
      if (reply.status !== 503 && !reply.text.includes('badNonce')) throw new Error(reply.text)
      await delay(50)
    }
  }

  /** Orders names with waived validation and finalizes; returns the valid order. */
  async certificate(
    names: string[],
    more: object = {},
  ): Promise<{ order: Record<string, unknown>; pem: string }> {
    const ordered = await this.insist('/new-order', { identifiers: identifiersOf(names), ...more })
    const finalized = await this.insist(String(ordered.json()['finalize']), { csr: csrFor(names) })
    let order = finalized.json()
    while (order['status'] === 'processing')
      order = (await this.insist(String(ordered.headers['location']), null)).json()
    return { order, pem: (await this.insist(String(order['certificate']), null)).text }
  }

  thumbprint(): string {
    return thumbprint(publicJwk(this.key))
  }
}
