import { count } from '../../contract/text/count.ts'
import { connect as connectHttp2 } from 'node:http2'
import { isIP, type Socket } from 'node:net'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { ServerOrigin, FolderOrigin } from '../../contract/domains/origins.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { resolvableHost } from '../../domain/localhost.ts'
import { keepSession } from './keep-session.ts'
import { openSocket } from '../core/single-request.ts'
import { originTimeouts } from '../../domain/origin-timeouts.ts'
import type { DevServerKind } from '../../contract/shared/dev-servers.ts'
import { refusalMessage } from '../../domain/dev-servers.ts'
import { refusesUpdates } from './live-updates.ts'
import { askForRoot, connectionErrorMessage, LateStep, refusalIn } from './probe.ts'
import type { Origin } from '../../contract/domains/domains.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { isInBoundary } from '../../edge/protocol/folder-boundary.ts'
import { normaliseOrigin } from './origin.ts'
import type { DomainNeeds } from './needs.ts'
import { trustedAnchors } from '../certificates/verdicts.ts'
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface OriginProbe {
  ok: boolean
  seen: string
  tookMs: number
  refusedBy?: DevServerKind
}

interface HowToProbe {
  anchors: () => string[]
  timeouts: { connectSeconds: number; responseSeconds: number }
  protocol?: ServerOrigin['protocol']
}

/** Makes one request to an origin as the edge would; one that follows is requested over `protocol`. */
export async function probeOrigin(
  origin: ServerOrigin,
  host: string,
  { anchors, timeouts, protocol = origin.protocol }: HowToProbe,
): Promise<OriginProbe> {
  const started = performance.now()
  const isTls = protocol === 'https'
  const port = isTls ? origin.httpsPort : origin.httpPort
  const scheme = isTls ? 'https' : protocol === 'h2c' ? 'h2c' : 'http'
  const address = `${scheme}://${hostInUrl(origin.host)}:${port}`
  const outcome = await exchange(origin, port, {
    isTls,
    isHttp2: protocol === 'h2c',
    host,
    anchors,
    timeouts,
  })
  const tookMs = Math.round(performance.now() - started)
  if ('failure' in outcome) return { ok: false, seen: `${address}: ${outcome.failure}.`, tookMs }
  const unverified = isTls && !origin.verify ? ' Its certificate was not verified.' : ''
  const version = outcome.isHttp2 ? ' over HTTP/2' : ''
  if (outcome.refusedBy) {
    const { status, refusedBy } = outcome
    const seen = `${address} answers ${status}${version}. ${refusalMessage(refusedBy, origin.hostHeader ?? host)}`
    return { ok: false, seen, tookMs, refusedBy }
  }
  return { ok: true, seen: `${address} answers ${outcome.status}${version}.${unverified}`, tookMs }
}

interface HowToAsk {
  isTls: boolean
  /** Known in advance without TLS; with TLS from the handshake. */
  isHttp2: boolean
  host: string
  anchors: () => string[]
  timeouts: HowToProbe['timeouts']
}

type Outcome = { status: number; isHttp2: boolean; refusedBy: DevServerKind | null } | { failure: string }

async function exchange(origin: ServerOrigin, port: number, how: HowToAsk): Promise<Outcome> {
  const hostHeader = origin.hostHeader ?? how.host
  const tls = how.isTls ? { tls: tlsSettings(origin, hostHeader, how.anchors) } : {}
  using deadline = new StepDeadline('connection', how.timeouts.connectSeconds)
  try {
    const connect = (signal: AbortSignal) =>
      openSocket({ host: resolvableHost(origin.host), port, ...tls }, signal)
    const socket = await connect(deadline.signal)
    deadline.next('answer', how.timeouts.responseSeconds)
    const isHttp2 = how.isHttp2 || (socket as TLSSocket).alpnProtocol === 'h2'
    if (isHttp2) return await askHttp2(socket, hostHeader, how.isTls)
    const headers = { host: hostHeader, 'user-agent': 'Edgekeep', accept: '*/*' }
    const { status, refusedBy, mayBeNext } = await askForRoot(socket, headers)
    const isRefused = refusedBy === null && mayBeNext && (await refusesUpdates(connect, hostHeader))
    return { status, isHttp2, refusedBy: isRefused ? 'dev-server.next' : refusedBy }
  } catch (error) {
    return { failure: connectionErrorMessage(error as Error) }
  }
}

function tlsSettings(origin: ServerOrigin, hostHeader: string, anchors: () => string[]): ConnectionOptions {
  const name = origin.sni ?? hostHeader.replace(/:\d+$/, '')
  return {
    ALPNProtocols: origin.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    rejectUnauthorized: origin.verify,
    ...(isIP(name) ? {} : { servername: name }),
    ...(origin.verify ? { ca: origin.anchorsPem ?? anchors() } : {}),
  }
}

function askHttp2(socket: Socket, authority: string, isTls: boolean): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  // The socket's error says more than the session's.
  const fail = (error: Error) =>
    resolve({ failure: connectionErrorMessage(socket.errored ?? error, noHttp2) })
  const session = connectHttp2('http://origin', { createConnection: () => socket })
  keepSession(session)
  session.on('error', fail)
  session.once('close', () => fail(new Error(noHttp2)))
  const stream = session.request(
    {
      ':scheme': isTls ? 'https' : 'http',
      ':authority': authority,
      ':path': '/',
      'user-agent': 'Edgekeep',
      accept: '*/*',
    },
    { endStream: true },
  )
  stream.on('error', fail)
  stream.once('response', (headers) => {
    const { ':status': status = 0 } = headers
    void refusalIn(stream, status).then((refusedBy) => {
      resolve({ status, isHttp2: true, refusedBy })
      session.destroy()
    }, fail)
  })
  return promise.finally(() => socket.destroy())
}

/** Deadline that each step of a request sets anew. */
class StepDeadline {
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined

  constructor(step: string, seconds: number) {
    this.next(step, seconds)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  next(step: string, seconds: number): void {
    clearTimeout(this.#timer)
    const late = new LateStep(`there was no ${step} within ${count(seconds, 'second')}`)
    this.#timer = setTimeout(() => this.#controller.abort(late), seconds * 1000)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

const noHttp2 = 'it does not speak HTTP/2'

/** Makes the edge's request for `domain`, which may not exist yet; for `follow` to both ports. */
export async function testOrigin(parts: DomainNeeds, domain: string, given: Origin): Promise<OriginProbe> {
  const origin = normaliseOrigin(parts, given)
  if (origin.protocol === 'folder') return probeFolder(origin)
  const host = normaliseDomain(domain).replace(/^\*\./, 'check.')
  const anchors = () =>
    trustedAnchors(parts).flatMap(({ certificates }) => certificates.map((der) => toPem(der)))
  const how = { anchors, timeouts: timeoutsOf(parts, domain) }
  if (origin.protocol !== 'follow') return probeOrigin(origin, host, how)
  const [http, https] = await Promise.all([
    probeOrigin(origin, host, { ...how, protocol: 'http' }),
    probeOrigin(origin, host, { ...how, protocol: 'https' }),
  ])
  return {
    ...https,
    ...http,
    ok: http.ok && https.ok,
    seen: `${http.seen} ${https.seen}`,
    tookMs: Math.max(http.tookMs, https.tookMs),
  }
}

function timeoutsOf({ vault }: DomainNeeds, domain: string): HowToProbe['timeouts'] {
  const set = vault.domains.get(normaliseDomain(domain))?.policies.timeouts
  const { connectSeconds, responseSeconds } = originTimeouts
  return {
    connectSeconds: set?.connectSeconds ?? connectSeconds,
    responseSeconds: set?.responseSeconds ?? responseSeconds,
  }
}

async function probeFolder(origin: FolderOrigin): Promise<OriginProbe> {
  const { folder } = origin
  const started = performance.now()
  const seen = (ok: boolean, words: string): OriginProbe => ({
    ok,
    seen: words,
    tookMs: Math.round(performance.now() - started),
  })
  try {
    if (!(await stat(folder)).isDirectory()) return seen(false, 'It is not a folder.')
    if (!isInBoundary(origin, await realpath(folder)))
      return seen(false, 'A link leads out of the folder that was chosen, so nothing of it is served.')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return seen(false, code === 'EACCES' ? 'This user may not read the folder.' : 'There is no such folder.')
  }
  const hasIndex = await stat(join(folder, 'index.html')).then(
    (found) => found.isFile(),
    () => false,
  )
  return seen(
    true,
    hasIndex
      ? 'The folder is there, with an index.html.'
      : 'The folder is there. It has no index.html, so "/" answers 404.',
  )
}
