import { createHash } from 'node:crypto'
import { request, type IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { hostInUrl } from '../../../domain/ip-address.ts'
import { DerError, tags } from '../../../pki/asn1/der.ts'
import { strictCertificateOf, type Certificate } from '../../../pki/x509/certificate.ts'
import { ipText } from '../../../pki/x509/general-names.ts'
import { sentChain } from '../../../platform/tls/peer-certificates.ts'
import { isRecordFor, persistUntil, readRecord } from '../client/persistent-record-text.ts'
import type { ChallengeType } from './orders.ts'
import { connectToOwn, unreachable, validationTimeoutMs } from './own-connection.ts'
import { AcmeProblem, type Identifier } from './problem.ts'
import { textRecords } from './txt-records.ts'

/*
 * Threat: a client chooses the validated name and what answers for it. Whatever the name resolves to,
 * connections go to 127.0.0.1 only, at the configured ports: HTTP and TLS validation look up no name, and the
 * DNS server is on loopback. A redirect leads to the same two ports or nowhere. Only programs of the engine's
 * user and of root are contacted (own-connection.ts), and only the edge for names that it serves.
 */

const longestAnswer = 16 * 1024
const mostRedirects = 10

export interface ValidationPorts {
  http: number
  tls: number
  /** Port of a DNS server on loopback; null without one, so that dns-01 fails. */
  dns: number | null
}

export type EdgePorts = Pick<ValidationPorts, 'http' | 'tls'>

export interface ExpectedChallenge {
  identifier: Identifier
  token: string
  /** RFC 8555, section 8.1. */
  keyAuthorization: string
  /** Required contents of the record of dns-persist-01. */
  persists: Parameters<typeof isRecordFor>[1]
}

const ways: Record<
  ChallengeType,
  (expected: ExpectedChallenge, ports: ValidationPorts) => Promise<Date | null | void>
> = { 'http-01': byHttp, 'dns-01': byDns, 'tls-alpn-01': byTls, 'dns-persist-01': byPersistentRecord }

/**
 * Validates a challenge. Resolves to the expiry of the validation, if the record sets one.
 * @throws `AcmeProblem` if the challenge is not met
 */
export async function validate(
  type: ChallengeType,
  expected: ExpectedChallenge,
  ports: ValidationPorts,
): Promise<Date | null> {
  return (await ways[type](expected, ports)) ?? null
}

/** RFC 8555, section 8.3. */
async function byHttp(expected: ExpectedChallenge, ports: ValidationPorts): Promise<void> {
  const path = `/.well-known/acme-challenge/${expected.token}`
  let url = new URL(path, `http://${hostInUrl(expected.identifier.value)}`)
  for (let count = 0; count <= mostRedirects; count += 1) {
    const answer = await get(url, ports)
    if (answer.location !== undefined) url = redirected(answer.location, { from: url, ports })
    else return expectKeyAuthorization(answer, expected)
  }
  throw new AcmeProblem('connection', `It redirects more than ${mostRedirects} times.`)
}

function expectKeyAuthorization({ status, body }: Answer, { keyAuthorization }: ExpectedChallenge): void {
  if (status !== 200)
    throw new AcmeProblem('unauthorized', `The challenge was answered with status ${status}, not 200.`)
  if (body.trimEnd() !== keyAuthorization)
    throw new AcmeProblem(
      'incorrectResponse',
      'The challenge was answered with something else than its key authorization.',
    )
}

function redirected(location: string, { from, ports }: { from: URL; ports: ValidationPorts }): URL {
  if (!URL.canParse(location, from.href))
    throw new AcmeProblem('connection', 'It redirects to something that is not an address.')
  const to = new URL(location, from.href)
  const portsOf = new Map([
    ['http:', ['', String(ports.http)]],
    ['https:', ['', String(ports.tls)]],
  ])
  const allowed = portsOf.get(to.protocol) ?? []
  if (!allowed.includes(to.port) || to.username !== '' || to.password !== '')
    throw new AcmeProblem('connection', 'It redirects to another protocol or port, which is not followed.')
  return to
}

interface Answer {
  status: number
  location: string | undefined
  body: string
}

async function get(url: URL, ports: ValidationPorts): Promise<Answer> {
  const isTls = url.protocol === 'https:'
  const port = isTls ? ports.tls : ports.http
  const socket = await connectToOwn(port)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const fail = (error: NodeJS.ErrnoException) => reject(unreachable(error, port))
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const servername = isIP(host) === 0 ? host : ''
  const outgoing = request({
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, 'user-agent': 'Edgekeep ACME validation' },
    signal: AbortSignal.timeout(validationTimeoutMs),
    // The peer is not authenticated yet, so its certificate is not verified (RFC 8555, section 8.3).
    createConnection: () => (isTls ? connect({ socket, servername, rejectUnauthorized: false }) : socket),
  })
  outgoing.on('response', (incoming) => {
    const { statusCode: status = 0, headers } = incoming
    const isRedirect = status >= 300 && status < 400
    bodyOf(incoming).then(
      (body) => resolve({ status, body, location: isRedirect ? headers.location : undefined }),
      fail,
    )
  })
  outgoing.on('error', fail).end()
  return promise.finally(() => socket.destroy())
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > longestAnswer) {
      incoming.destroy()
      throw new AcmeProblem('incorrectResponse', `The answer has more than ${longestAnswer} bytes.`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('latin1')
}

/** RFC 8555, section 8.4. */
async function byDns(
  { identifier, keyAuthorization }: ExpectedChallenge,
  { dns }: ValidationPorts,
): Promise<void> {
  const name = `_acme-challenge.${identifier.value}`
  const records = await textRecords(name, requireDns(dns))
  const wanted = createHash('sha256').update(keyAuthorization).digest('base64url')
  if (!records.includes(wanted))
    throw new AcmeProblem(
      'unauthorized',
      `None of the ${records.length} TXT records of ${name} is the right one.`,
    )
}

/** draft-ietf-acme-dns-persist-02, section 4.2. */
async function byPersistentRecord(
  { identifier, persists }: ExpectedChallenge,
  { dns }: ValidationPorts,
): Promise<Date | null> {
  const name = `_validation-persist.${identifier.value}`
  const records = (await textRecords(name, requireDns(dns))).map((text) => readRecord(text))
  const found = records.find((record) => record !== undefined && isRecordFor(record, persists))
  if (!found)
    throw new AcmeProblem(
      'unauthorized',
      `None of the ${records.length} TXT records of ${name} names ${persists.issuers.join(' or ')} and this account${persists.wildcard ? ', with policy=wildcard' : ''}.`,
    )
  return persistUntil(found) ?? null
}

function requireDns(port: number | null): number {
  if (port === null) throw new AcmeProblem('dns', 'No DNS server on this computer is set for validation.')
  return port
}

const acmeIdentifier = '1.3.6.1.5.5.7.1.31'
const alpn = 'acme-tls/1'

/** RFC 8737, section 3. */
async function byTls(
  { identifier, keyAuthorization }: ExpectedChallenge,
  { tls: port }: ValidationPorts,
): Promise<void> {
  const der = await certificateShown(serverNameOf(identifier), port)
  const wrong = (detail: string) => new AcmeProblem('unauthorized', detail)
  const { extensions, decoded, fault } = readShown(der)
  if (fault !== undefined) throw wrong(`The certificate that was shown is malformed: ${fault}.`)
  const [only, ...others] = decoded.subjectAltName ?? []
  const shown =
    only?.kind === 'dns' ? only.text.toLowerCase() : only?.kind === 'ip' ? ipText(only.octets) : ''
  if (others.length > 0 || shown !== identifier.value)
    throw wrong('The certificate that was shown is not for this name alone.')
  const extension = extensions.find(({ oid }) => oid === acmeIdentifier)
  const wanted = createHash('sha256').update(keyAuthorization).digest()
  const shownDigest = extension && digestIn(extension.value)
  if (!extension?.critical || !shownDigest || !wanted.equals(shownDigest))
    throw wrong('The certificate that was shown does not have the right acmeIdentifier extension, critical.')
}

function readShown(der: Uint8Array): Certificate {
  try {
    return strictCertificateOf(der)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    throw new AcmeProblem('unauthorized', `The certificate that was shown is malformed (${error.message}).`)
  }
}

/** Undefined if the extension is not an OCTET STRING. */
function digestIn(value: Uint8Array): Uint8Array | undefined {
  const [tag, length] = value
  return tag === tags.octetString && length === value.length - 2 ? value.subarray(2) : undefined
}

async function certificateShown(servername: string, port: number): Promise<Uint8Array> {
  const own = await connectToOwn(port)
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const options = { socket: own, servername, ALPNProtocols: [alpn], rejectUnauthorized: false }
  const socket = connect(options, () => {
    const [shown] = sentChain(socket)
    if (socket.alpnProtocol === alpn && shown) resolve(shown.raw)
    else reject(new AcmeProblem('tls', `The server at port ${port} did not agree on ${alpn}.`))
    socket.destroy()
  })
  socket.setTimeout(validationTimeoutMs, () => socket.destroy(new Error('no answer within ten seconds')))
  socket.on('error', (error: NodeJS.ErrnoException) =>
    reject(new AcmeProblem('tls', `The handshake at port ${port} failed (${error.code ?? error.message}).`)),
  )
  socket.on('close', () => reject(new AcmeProblem('tls', `The server at port ${port} closed the handshake.`)))
  return promise.finally(() => own.destroy())
}

/** SNI for an address is its name in the reverse tree (RFC 8738, section 6). */
function serverNameOf({ type, value }: Identifier): string {
  if (type === 'dns') return value
  if (isIP(value) === 4) return `${value.split('.').toReversed().join('.')}.in-addr.arpa`
  return `${hexOf(value).split('').toReversed().join('.')}.ip6.arpa`
}

/** The 32 hex digits of an IPv6 address. */
function hexOf(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...(tail === undefined ? [] : zeros), ...after]
    .map((group) => group.padStart(4, '0'))
    .join('')
}
