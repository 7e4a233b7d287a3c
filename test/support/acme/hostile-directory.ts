import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { makeCertificate, makeKeys, type Keys, type MadeCertificate } from '../pki/certificate-maker.ts'

type Answer = {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Never ends the body. */
  endless?: boolean
  silent?: boolean
}
type Answering = (request: { payload: unknown; path: string }) => Answer

/** ACME server good enough to be believed, whose every answer a test can replace. */
export interface HostileDirectory {
  url: string
  origin: string
  rootPem: string
  /** Replacement answers by path. */
  instead: Map<string, Answering>
  /** Requested paths, in order. */
  asked: string[]
  issue(key: KeyObject, names: string[]): string
  close(): Promise<void>
}

const hour = 3_600_000
const dates = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 90 * 24 * hour) }

export async function startHostileDirectory(names = ['shop.test']): Promise<HostileDirectory> {
  const root = makeCertificate({ subject: 'Hostile root', authority: true, keys: makeKeys('ec'), ...dates })
  const server = tlsServer(root)
  const authority = makeCertificate({
    subject: 'Hostile authority',
    authority: true,
    keys: makeKeys('ec'),
    ...dates,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const instead = new Map<string, Answering>()
  const asked: string[] = []
  let chain = ''
  const issue = (key: KeyObject, wanted: string[]) => {
    const keys: Keys = { kind: 'ec', publicKey: key, privateKey: createPrivateKey(keyPemOf(makeKeys('ec'))) }
    return toPem(
      makeCertificate({ subject: wanted[0] ?? '', issuer: authority, keys, names: wanted, ...dates }).der,
    )
  }
  const order = (status: string, more: object = {}) => ({
    status,
    identifiers: names.map((value) => ({ type: 'dns', value })),
    authorizations: [`${origin}/authorization`],
    finalize: `${origin}/finalize`,
    ...more,
  })
  let isValidated = false
  const usual = new Map<string, Answering>([
    [
      '/dir',
      () => ({
        body: {
          newNonce: `${origin}/nonce`,
          newAccount: `${origin}/account`,
          newOrder: `${origin}/order`,
          revokeCert: `${origin}/revoke`,
          keyChange: `${origin}/key`,
          renewalInfo: `${origin}/renewal`,
        },
      }),
    ],
    ['/nonce', () => ({})],
    [
      '/account',
      () => ({ status: 201, headers: { location: `${origin}/account/1` }, body: { status: 'valid' } }),
    ],
    ['/order', () => ({ status: 201, headers: { location: `${origin}/order/1` }, body: order('pending') })],
    [
      '/order/1',
      () => ({
        body: order(chain ? 'valid' : 'ready', chain ? { certificate: `${origin}/certificate` } : {}),
      }),
    ],
    [
      '/authorization',
      () => ({
        body: {
          status: isValidated ? 'valid' : 'pending',
          identifier: { type: 'dns', value: names[0] },
          challenges: [
            { type: 'http-01', url: `${origin}/challenge`, status: 'pending', token: 'a'.repeat(43) },
            { type: 'dns-01', url: `${origin}/challenge`, status: 'pending', token: 'a'.repeat(43) },
          ],
        },
      }),
    ],
    [
      '/challenge',
      () => {
        isValidated = true
        return { body: { type: 'http-01', url: `${origin}/challenge`, status: 'processing' } }
      },
    ],
    [
      '/finalize',
      ({ payload }) => {
        chain = issue(keyOfRequest(payload), names)
        return { body: order('processing') }
      },
    ],
    [
      '/certificate',
      () => ({ headers: { 'content-type': 'application/pem-certificate-chain' }, body: chain }),
    ],
    ['/revoke', () => ({})],
  ])
  let nonce = 0
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? ''
    asked.push(path)
    void payloadOf(request).then((payload) => {
      const answering = instead.get(path) ?? usual.get(path) ?? (() => ({ status: 404, body: {} }))
      send(response, answering({ payload, path }), `nonce-${(nonce += 1)}`)
    })
  })
  return {
    url: `${origin}/dir`,
    origin,
    rootPem: toPem(root.der),
    instead,
    asked,
    issue,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function tlsServer(root: MadeCertificate): Server {
  const keys = makeKeys('ec')
  const leaf = makeCertificate({
    subject: 'Hostile',
    issuer: root,
    keys,
    names: ['127.0.0.1', 'localhost'],
    ...dates,
  })
  return createServer({ cert: toPem(leaf.der), key: keyPemOf(keys) })
}

function keyPemOf({ privateKey }: Keys): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

async function payloadOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const text = Buffer.concat(pieces).toString()
  if (text === '') return null
  const { payload } = JSON.parse(text) as { payload: string }
  return payload === '' ? null : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown)
}

/** The key in a PKCS#10 request for P-256: its SubjectPublicKeyInfo has a form of its own. */
function keyOfRequest(payload: unknown): KeyObject {
  const der = Buffer.from((payload as { csr: string }).csr, 'base64url')
  const start = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107', 'hex')
  const at = der.indexOf(start)
  return createPublicKey({ key: der.subarray(at, at + 91), format: 'der', type: 'spki' })
}

function send(response: ServerResponse, answer: Answer, nonce: string): void {
  if (answer.silent) return
  response.writeHead(answer.status ?? 200, {
    'content-type': (answer.status ?? 200) >= 400 ? 'application/problem+json' : 'application/json',
    'replay-nonce': nonce,
    ...answer.headers,
  })
  if (answer.endless) {
    const more = () => {
      while (response.writable && response.write(Buffer.alloc(65_536, 0x20)));
    }
    response.on('drain', more)
    response.on('error', () => undefined)
    return more()
  }
  response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}))
}
