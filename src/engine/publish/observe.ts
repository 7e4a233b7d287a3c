import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { chainFromPem } from '../../pki/facts/certificate.ts'
import { allInParallel } from '../core/in-parallel.ts'
import { ask, openSocket } from '../core/single-request.ts'
import { sentChain } from '../../platform/tls/peer-certificates.ts'
import { portSuffix, type ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import type { Progress } from './steps.ts'

const timeoutMs = 10_000
/** A server that drops packets must not cost ten seconds for each of a thousand sites. */
const mostObservationMs = 60_000
const observedAtOnce = 8

/** Answer to one request, as far as a publication decides about it. */
interface Answer {
  status: number
  location: string | null
  hsts: string | null
}

/** Observations from outside about one name at one server. */
export interface Observed {
  /** SHA-256 fingerprints, leaf first; empty without a handshake. */
  chain: string[]
  https: Answer | null
  http: Answer | null
  /** Not tried where it may. */
  acceptsTls12: boolean
  /** Also true where it does not have to. */
  answersHttp01: boolean
}

/** Site as far as it is looked at. */
export type ObservedSite = Pick<Site, 'name' | 'answersFor'> & {
  tls: Pick<Site['tls'], 'minimumVersion'> | null
}

export interface Outside {
  address: string
  setup: ServerSetup
}

/** Looks at several sites, in their order. */
export async function observeAll<S extends ObservedSite>(
  outside: Outside,
  sites: readonly S[],
  progress: Progress = () => undefined,
): Promise<Map<S, Observed>> {
  const end = AbortSignal.timeout(mostObservationMs)
  const look = async (site: S) => [site, end.aborted ? nothingSeen : await observe(outside, site)] as const
  return new Map(await allInParallel(sites, observedAtOnce, look, (done) => progress(done, sites.length)))
}

const nothingSeen: Observed = {
  chain: [],
  https: null,
  http: null,
  acceptsTls12: false,
  answersHttp01: false,
}

/** Makes a handshake and two requests as a client does; never throws. */
async function observe({ address: host, setup }: Outside, site: ObservedSite): Promise<Observed> {
  const name = site.name.replace(/^\*\./, 'check.')
  const { httpsPort, httpPort } = setup
  const authority = (port: number, usual: 443 | 80) => `${name}${portSuffix(port, usual)}`
  const plain = { host, port: httpPort, authority: authority(httpPort, 80) }
  const [secure, tls12, http, answersHttp01] = await Promise.all([
    overTls({ host, port: httpsPort, name, authority: authority(httpsPort, 443) }),
    site.tls?.minimumVersion === '1.3' ? handshake({ host, port: httpsPort, name }, 'TLSv1.2') : null,
    overTcp(plain),
    answersChallenge(plain, site),
  ])
  tls12?.destroy()
  return { chain: secure.chain, https: secure.answer, http, acceptsTls12: tls12 !== null, answersHttp01 }
}

interface Place {
  host: string
  port: number
  name: string
}

async function handshake({ host, port, name }: Place, maxVersion?: 'TLSv1.2'): Promise<TLSSocket | null> {
  const tls = {
    servername: name,
    ALPNProtocols: ['http/1.1'],
    // The chain is compared certificate by certificate.
    rejectUnauthorized: false,
    ...(maxVersion && { maxVersion }),
  }
  try {
    return (await openSocket({ host, port, tls }, AbortSignal.timeout(timeoutMs))) as TLSSocket
  } catch {
    return null
  }
}

async function overTls(
  place: Place & { authority: string },
): Promise<{ chain: string[]; answer: Answer | null }> {
  const socket = await handshake(place)
  if (!socket) return { chain: [], answer: null }
  const chain = sentChain(socket).map(({ raw }) => hash('sha256', raw))
  return { chain, answer: await answerOver(socket, place.authority) }
}

async function overTcp({ host, port, authority }: { host: string; port: number; authority: string }) {
  try {
    return await answerOver(await openSocket({ host, port }, AbortSignal.timeout(timeoutMs)), authority)
  } catch {
    return null
  }
}

/** Token that no authority sends. */
const proofToken = 'proof-of-Edgekeep'
const mostAnswerLength = 500

/** An old process of a server, without the answers, may still accept connections for a moment. */
async function answersChallenge(
  { host, port, authority }: { host: string; port: number; authority: string },
  { answersFor }: ObservedSite,
): Promise<boolean> {
  if (answersFor === null) return true
  try {
    const socket = await openSocket({ host, port }, AbortSignal.timeout(timeoutMs))
    const path = `/.well-known/acme-challenge/${proofToken}`
    const headers = { host: authority, 'user-agent': 'Edgekeep' }
    return (await ask(socket, { method: 'GET', path, headers }, textIn)) === `${proofToken}.${answersFor}`
  } catch {
    return false
  }
}

async function textIn(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response) {
    text += String(piece)
    if (text.length > mostAnswerLength) break
  }
  return text
}

async function answerOver(socket: Parameters<typeof ask>[0], host: string): Promise<Answer | null> {
  try {
    // Traefik redirects other methods than GET with other codes.
    const options = { method: 'GET', path: '/', headers: { host, 'user-agent': 'Edgekeep' } }
    return await ask(socket, options, answerIn)
  } catch {
    return null
  }
}

function answerIn({ statusCode = 0, headers }: IncomingMessage): Answer {
  return {
    status: statusCode,
    location: headers.location ?? null,
    hsts: headers['strict-transport-security'] ?? null,
  }
}

/** Differences from what was published, as sentences; empty: served as meant. */
export function faultsOf(
  observed: Observed,
  { site, chainPem, setup }: { site: Site; chainPem: string; setup: ServerSetup },
): string[] {
  const { name, redirect, hsts, tls } = site
  const { chain, https, http } = observed
  if (!observed.answersHttp01) return [`${name}: HTTP-01 is not answered on port ${setup.httpPort}.`]
  if (site.isPlain) return []
  if (chain.length === 0) return [`${name}: no TLS handshake on port ${setup.httpsPort}.`]
  const meant = chainFromPem(chainPem).map((der) => hash('sha256', der))
  if (chain[0] !== meant[0]) return [`${name}: another certificate is served.`]
  const host = name.replace(/^\*\./, 'check.')
  const faults: [boolean, string][] = [
    [meant.some((each, at) => chain[at] !== each), `${name}: the chain is not the one that was published.`],
    [https === null, `${name}: no answer over HTTPS.`],
    [http === null, `${name}: no answer over HTTP on port ${setup.httpPort}.`],
    [https !== null && https.hsts !== hsts && hsts !== null, `${name}: HSTS is not as meant.`],
    [
      tls.minimumVersion === '1.3' && observed.acceptsTls12,
      `${name}: TLS 1.2 is spoken, and 1.3 is the least meant.`,
    ],
    [
      redirect.mode === 'https' &&
        !leadsTo(http, redirect.code, `https://${host}${portSuffix(setup.httpsPort, 443)}/`),
      `${name}: HTTP does not redirect to HTTPS as meant.`,
    ],
    [
      redirect.mode === 'http' &&
        !leadsTo(https, redirect.code, `http://${host}${portSuffix(setup.httpPort, 80)}/`),
      `${name}: HTTPS does not redirect to HTTP as meant.`,
    ],
  ]
  return faults.flatMap(([applies, sentence]) => (applies ? [sentence] : []))
}

const gatewayErrors = new Set([502, 503, 504])

/** Sentence on a site whose server has no answer of its origin; null for others. It does not end a publication. */
export function cautionOf({ https, http }: Observed, { name, redirect }: Site): string | null {
  const { status = 0 } = (redirect.mode === 'http' ? http : (https ?? http)) ?? {}
  return gatewayErrors.has(status)
    ? `${name} answers ${status}: its origin may not be reachable there.`
    : null
}

function leadsTo(answer: Answer | null, code: number, location: string): boolean {
  return answer !== null && answer.status === code && answer.location === location
}

/** Whether a server answers as before: its certificate, its redirects and HSTS, not what its origin says. */
export function isAsBefore(before: Observed, now: Observed): boolean {
  return JSON.stringify(comparable(before)) === JSON.stringify(comparable(now))
}

function comparable({ chain, https, http }: Observed) {
  return { chain, https: decidedIn(https), http: decidedIn(http) }
}

/** HSTS, and the scheme that an answer leads to; an origin's own redirects may differ each time. */
function decidedIn(answer: Answer | null): { scheme: string; hsts: string | null } | null {
  return answer && { scheme: /^https?:/.exec(answer.location ?? '')?.[0] ?? 'none', hsts: answer.hsts }
}
