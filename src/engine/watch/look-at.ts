import { ask, openSocket } from '../core/single-request.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { hash } from 'node:crypto'
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { EdgekeepError, type ErrorData } from '../../contract/errors/registry.ts'
import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { WatchedServer, WatchFault, WatchResult } from '../../contract/watch/watch.ts'
import { hostNamesOf } from '../../domain/covered-names.ts'
import { isLocalhost, resolvableHost } from '../../domain/localhost.ts'
import { certificateFacts } from '../../pki/facts/certificate.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import { verifyForBrowsers } from '../certificates/verdicts.ts'
import type { Core } from '../core/core.ts'
import type { CertificateListing } from '../vault/vault.ts'
import { fetchServedChain, type ServedChain } from '../inspect/remote/served-chain.ts'
import { reachableAddresses } from './reachable-addresses.ts'

const dayMs = 86_400_000
const expiringDays = 14
const mostAddresses = 8

interface Served {
  address: string
  served: ServedChain | null
  /** Reason without a handshake. */
  failure: string
}

/** Makes a handshake with each address of a server and judges what it serves; never throws. */
export async function lookAt(parts: Core, { host, port }: WatchedServer): Promise<WatchResult> {
  const at = parts.clock().toISOString()
  const result: WatchResult = {
    at,
    state: 'fault',
    faults: [],
    addresses: [],
    certificate: null,
    inVault: null,
    protocol: null,
    group: null,
    hsts: null,
  }
  if (isIP(host) === 0 && !isLocalhost(host) && !hasNetwork()) return { ...result, state: 'offline' }
  const addresses = await addressesOf(host)
  if ('offline' in addresses) return { ...result, state: 'offline' }
  if ('failure' in addresses) return { ...result, faults: [unreachable(`${host}: ${addresses.failure}`)] }
  const all = await Promise.all(addresses.found.map((address) => servedAt(address, { host, port })))
  const first = all.find(({ served }) => served !== null)
  const failures = all.filter(({ served }) => served === null)
  const faults = failures.map(({ address, failure }) => unreachable(`${address}: ${failure}`))
  const served = first?.served
  if (!first || !served) return { ...result, addresses: addresses.found, faults }
  const { leaf, inVault, faults: own } = judged(parts, host, served)
  const faultsOfAll = [...own, ...differing(all, first), ...faults]
  return {
    ...result,
    state: faultsOfAll.length === 0 ? 'ok' : 'fault',
    faults: faultsOfAll,
    addresses: addresses.found,
    certificate: leaf,
    inVault,
    protocol: served.protocol,
    group: served.group,
    hsts: await hstsOf(first.address, { host, port }),
  }
}

function unreachable(sentence: string): WatchFault {
  return { kind: 'unreachable', sentence }
}

/** An interface of a tunnel or a network card with an address. */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ internal }) => !internal))
}

type Addresses = { found: string[] } | { failure: string } | { offline: true }

async function addressesOf(host: string): Promise<Addresses> {
  if (isIP(host) !== 0) return { found: [host] }
  try {
    const all = await promisify(lookup)(resolvableHost(host), { all: true })
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    const found = reachableAddresses([...new Set(all.map(({ address }) => address))], own)
    return found.length > 0 ? { found: found.slice(0, mostAddresses) } : { offline: true }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The resolver itself did not answer.
    return code === 'EAI_AGAIN' ? { offline: true } : { failure: 'the name does not resolve' }
  }
}

async function servedAt(address: string, { host, port }: WatchedServer): Promise<Served> {
  try {
    return { address, served: await fetchServedChain({ host: address, port, serverName: host }), failure: '' }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    const { reason } = error.data as { reason: string }
    return { address, served: null, failure: reason }
  }
}

/** Verdicts on what the first address serves. */
function judged(parts: Core, host: string, { chain }: ServedChain) {
  const [der] = chain
  if (!der) return { leaf: null, inVault: null, faults: [unreachable('The server sent no certificate.')] }
  const facts = factsOf(der)
  if ('failure' in facts) return { leaf: null, inVault: null, faults: [unreachable(facts.failure)] }
  const { title, issuer, notAfter, fingerprintSha256 } = facts
  const { answers } = verifyForBrowsers(parts, chain, host)
  const verdicts = (['validity', 'authority', 'signature', 'name'] as const).flatMap((kind): WatchFault[] =>
    answers[kind]?.ok === false ? [{ kind, sentence: answers[kind].reason }] : [],
  )
  const leftMs = Date.parse(notAfter) - parts.clock().getTime()
  const isExpiring = answers.validity.ok && leftMs < expiringDays * dayMs
  const expiring = `The certificate ends in ${Math.floor(leftMs / dayMs)} days.`
  const inVault = inVaultFor(parts, host, fingerprintSha256)
  const another = `The vault has a certificate for it, and the server sends another: ${title}.`
  const faults: WatchFault[] = [
    ...verdicts,
    ...(isExpiring ? [{ kind: 'expiring' as const, sentence: expiring }] : []),
    ...(inVault === false ? [{ kind: 'another' as const, sentence: another }] : []),
  ]
  return { leaf: { title, issuer, notAfter, fingerprintSha256 }, inVault, faults }
}

/** OpenSSL makes handshakes with certificates that are no complete X.509. */
function factsOf(der: Uint8Array): CertificateFacts | { failure: string } {
  try {
    return certificateFacts(der)
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    const { reason } = error.data as ErrorData<'certificate.malformed'>
    return { failure: `The certificate that the server sent cannot be read: ${reason}.` }
  }
}

/** Whether the vault has what the server sends; null if it has no certificate of a public authority for it. */
function inVaultFor({ vault }: Core, host: string, fingerprint: string): boolean | null {
  const isPublic = ({ id, kind }: CertificateListing) =>
    kind === 'uploaded' || (vault.renewals.get(id)?.accountId ?? null) !== null
  const covering = vault.certificates
    .list()
    .filter((row) => isPublic(row) && coversDomain(hostNamesOf(row), host).ok)
  if (covering.length === 0) return null
  return covering.some(({ fingerprintSha256 }) => fingerprintSha256 === fingerprint)
}

function differing(all: Served[], first: Served): WatchFault[] {
  const fingerprintOf = ({ served }: Served) => {
    const [der] = served?.chain ?? []
    return der ? hash('sha256', der) : null
  }
  const expected = fingerprintOf(first)
  return all.flatMap((each): WatchFault[] =>
    each.served === null || fingerprintOf(each) === expected
      ? []
      : [{ kind: 'differs', sentence: `${each.address} sends another certificate than ${first.address}.` }],
  )
}

const timeoutMs = 10_000
/** Longest value that is stored. */
const mostCharacters = 200

/** Strict-Transport-Security of `HEAD /`; null without one, or without an answer. */
async function hstsOf(address: string, { host, port }: WatchedServer): Promise<string | null> {
  const servername = isIP(host) === 0 ? host : ''
  const tls = { servername, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false }
  const authority = `${hostInUrl(host)}${port === 443 ? '' : `:${port}`}`
  try {
    const socket = await openSocket({ host: address, port, tls }, AbortSignal.timeout(timeoutMs))
    const options = { method: 'HEAD', path: '/', headers: { host: authority, 'user-agent': 'Edgekeep' } }
    const value = await ask(socket, options, ({ headers }) => headers['strict-transport-security'])
    return value?.slice(0, mostCharacters) ?? null
  } catch {
    // The handshake was judged; without an answer to a request nothing is known of its headers.
    return null
  }
}
