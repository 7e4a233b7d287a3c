import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { domainToASCII } from 'node:url'
import { isWithinScope, keepsRevoking } from '../../../domain/authority-scope.ts'
import { fingerprintCode } from '../../../domain/fingerprint-code.ts'
import { sentences } from '../../../contract/text/sentences.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { encodeQR } from 'qr'
import type { LocalAuthority } from '../../../contract/local-authority/authority.ts'
import type { RevocationService } from '../../../contract/local-authority/local-certificates.ts'
import { type GlobalOptions, type Session, type Result, usageError } from '../../frame/command.ts'
import { confirm, yesFlag } from '../../flags/confirmation.ts'
import { exportCommand } from './authority-export.ts'
import { factLines, timeLeft } from '../../output/format.ts'
import { formatTrustingStores, storesWithRoot, undoRootTrust, undoTrustFlag } from './root-trust.ts'

interface ScopeOptions extends RotateOptions {
  clients?: boolean
}
interface ScopeChange {
  allow?: string[]
  disallow?: string[]
  clients?: boolean
}

const trustIt = 'To make clients trust it: edgekeep trust install'

const clockFlag = {
  '--clock-is-right': 'create it although the clock of this computer looks wrong',
} as const

const rotateFlags = { ...yesFlag, ...undoTrustFlag, ...clockFlag } as const satisfies Flags
type RotateOptions = OptionsOf<typeof rotateFlags>

const publishFlags = { '--port <n>': 'port to serve at', '--off': 'stop serving' } as const satisfies Flags
type PublishOptions = OptionsOf<typeof publishFlags>

export const authorityCommands = group('authority', 'the local authority that issues free certificates', [
  facts('show', {
    about:
      'Show the root of the local authority, the names it may issue for, and earlier roots that are still in use.',
    flags: { '--qr': 'also show its fingerprint as a QR code, to compare it on a phone' },
    examples: ['authority show', 'authority show --qr    with its fingerprint as a QR code, for a phone'],
    run: show,
  }),
  keys('allow [suffix...]', {
    summary: 'let the authority also issue for names under these domains, or for clients',
    about:
      'Let the local authority also issue for names under these domains, or for TLS clients. Its certificate contains these limits, so this creates a new authority, which then has to be trusted. Certificates issued before stay valid.',
    flags: {
      ...yesFlag,
      ...undoTrustFlag,
      ...clockFlag,
      '--clients': 'let it issue certificates for clients',
    },
    examples: ['authority allow shop.example.com', 'authority allow --clients'],
    run: (session, suffixes: string[], options: ScopeOptions) =>
      rotate(session, session.global, { change: scopeOf('allow', suffixes, options), options }),
  }),
  keys('disallow [suffix...]', {
    summary: 'limit the authority to fewer names again, or to servers',
    about:
      'Limit the local authority to fewer names again, or to servers. This creates a new authority, which then has to be trusted.',
    flags: {
      ...yesFlag,
      ...undoTrustFlag,
      ...clockFlag,
      '--clients': 'let it issue no certificates for clients',
    },
    examples: ['authority disallow corp.example'],
    run: (session, suffixes: string[], options: ScopeOptions) =>
      rotate(session, session.global, { change: scopeOf('disallow', suffixes, options), options }),
  }),
  keys('rotate', {
    summary: 'replace the authority with a new one and erase its keys',
    about:
      'Replace the local authority with a new one, which then has to be trusted (edgekeep trust install), and erase the keys of the present one. Certificates issued before stay valid until they expire. Without an authority there is nothing to rotate: the first free certificate creates one, and so does --clock-is-right.',
    flags: rotateFlags,
    examples: ['authority rotate'],
    run: (session, options: RotateOptions) => rotate(session, session.global, { change: {}, options }),
  }),
  keys('publish', {
    summary: 'serve the authority’s revocation list and OCSP on this computer',
    about:
      'Serve the revocation list and OCSP responses of the local authority over HTTP on loopback, while the engine runs. Certificates issued from then on contain its address. Without --port or --off: show the setting.',
    flags: publishFlags,
    examples: ['authority publish --port 8888'],
    run: publish,
  }),
  exportCommand,
])

function scopeOf(way: 'allow' | 'disallow', suffixes: string[], { clients }: ScopeOptions): ScopeChange {
  if (suffixes.length === 0 && !clients) throw usageError('Name a domain, or give --clients.')
  return { [way]: suffixes, ...(clients ? { clients: way === 'allow' } : {}) }
}

async function show({ client }: Session, { qr }: { qr?: boolean }): Promise<Result> {
  const authority = await client.authority.get()
  if (!authority)
    return {
      data: { authority },
      text: 'There is no local authority yet. It is made with the first free certificate.',
    }
  const code = qr
    ? `\n\n${encodeQR(fingerprintCode(authority.root.facts.fingerprintSha256), 'ascii').trimEnd()}`
    : ''
  return { data: { authority }, text: formatAuthority(authority) + code }
}

function formatAuthority({ root, intermediate, suffixes, clients, retired }: LocalAuthority): string {
  const { facts: of } = root
  return factLines([
    ['Root', of.title],
    ['SHA-256', of.fingerprintSha256],
    ['Valid', `${of.notBefore} to ${of.notAfter} (${timeLeft(of)})`],
    [
      'Signs with',
      intermediate ? `${intermediate.title}, until ${intermediate.notAfter}` : 'the root itself',
    ],
    [
      'May issue for',
      suffixes ? `${suffixes.map(readableName).join(', ')}; loopback and private addresses` : 'any domain',
    ],
    ['Certificates for', clients ? 'servers and clients' : 'servers'],
    ...retired.map(({ facts: old }): [string, string] => [
      'Earlier root',
      `${old.title}, ${old.fingerprintSha256.slice(0, 16)}…: certificates in use chain to it; its key is erased`,
    ]),
  ])
}

interface Rotation {
  change: ScopeChange
  options: RotateOptions
}

async function rotate(
  { client }: Session,
  global: GlobalOptions,
  { change, options }: Rotation,
): Promise<Result> {
  const before = await client.authority.get()
  if (before && isFulfilled(before, change))
    return {
      data: { authority: before, heldBy: [] },
      text: `The local authority is so already, and keeps its root.\n\n${formatAuthority(before)}`,
    }
  const undone = before && options.undoTrust ? await undoRootTrust(client, global, options.yes) : null
  const trustingStores = before ? await storesWithRoot(client) : []
  if (before && !options.yes) await askFirst(change, trustingStores)
  const clockIsRight = options.clockIsRight ?? false
  const authority = await client.authority.rotate({ ...change, clockIsRight })
  return {
    data: { authority, heldBy: trustingStores, ...undone?.data },
    text: [
      ...(undone ? [undone.text, ''] : []),
      ...(before ? [] : ['There was no local authority yet; this is the first one.', '']),
      formatAuthority(authority),
      '',
      trustingStores.length > 0 ? formatTrustingStores(trustingStores) : trustIt,
    ].join('\n'),
    no: undone?.no,
  }
}

function isFulfilled(
  authority: LocalAuthority,
  { allow = [], disallow = [], clients }: ScopeChange,
): boolean {
  return isWithinScope(authority, {
    allow: allow.map(domainToASCII),
    disallow: disallow.map(domainToASCII),
    clients: clients ?? null,
  })
}

async function askFirst(
  { allow = [], disallow = [], clients }: ScopeChange,
  trustingStores: string[],
): Promise<void> {
  const may = allow.length > 0 ? ` The new one may vouch for every name under ${allow.join(' and ')}.` : ''
  const less = disallow.length > 0 ? ` The new one may no longer vouch for ${disallow.join(' and ')}.` : ''
  const forClients =
    clients === undefined
      ? ''
      : ` The new one issues certificates for ${clients ? 'clients too' : 'servers alone'}.`
  const trustNote =
    trustingStores.length > 0
      ? ` These have its root, and keep it until "edgekeep trust install" replaces it or "edgekeep trust undo" takes it out: ${trustingStores.join(', ')}.`
      : ''
  const isWider = keepsRevoking({ allow, disallow, clients: clients ?? null })
  const effect = isWider ? sentences.authorityWidened : sentences.authorityReplaced
  await confirm(`${effect}${may}${less}${forClients}${trustNote} Replace it?`)
}

async function publish({ client, engineRuns }: Session, { port, off }: PublishOptions): Promise<Result> {
  if (port !== undefined && off) throw usageError('Give --port or --off, not both.')
  const { localCertificates } = client
  const wanted = off ? null : port === undefined ? undefined : givenPort(port)
  const service =
    wanted === undefined
      ? await localCertificates.revocationService()
      : await localCertificates.setRevocationService({ port: wanted })
  return { data: { service }, text: formatService(service, engineRuns) }
}

function givenPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw usageError(`"${text}" is not a port: --port 8888`)
}

function formatService({ port, address, problem }: RevocationService, engineRuns: boolean): string {
  if (port === null) return 'Revocation lists and OCSP are not served.'
  if (problem !== null) return problem
  if (address === null || !engineRuns)
    return `Served at http://127.0.0.1:${port} while the engine runs: edgekeep up`
  return `Served at ${address}. Certificates that are issued from now on say so.`
}
