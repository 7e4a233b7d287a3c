import { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { configurationFileSchema, type WrittenConfiguration } from '../../contract/domains/configuration.ts'
import { redirectDefaults } from '../../contract/domains/domains.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import { notPermitted, UnreadableFile } from './bounded-files.ts'
import type { BoundedFiles, CertificateFiles, FoundAt, FoundSetup, FoundSite } from './found.ts'
import { noteTaker, type NoteTaker } from './notes.ts'

export type FoundDomain = WrittenConfiguration['domains'][string]

export interface MergedSetup {
  domains: Map<string, FoundDomain>
  /** Files with certificates and keys, to be stored in the vault. */
  pairs: UsedFiles[]
  /** Names that the other program serves over HTTPS. */
  secure: Set<string>
  /** Certificates that this user may not read. */
  unread: Set<string>
}

/** Files of a certificate, with the domain that uses them and its place. */
type UsedFiles = CertificateFiles & { name?: string; at?: FoundAt }

interface Around {
  setup: FoundSetup
  files: BoundedFiles
  notes: NoteTaker
  unread: Set<string>
}

/** Merges the sites of each name to one domain; adds notes on what is left. */
export function mergeSites(setup: FoundSetup, files: BoundedFiles): MergedSetup {
  const notes = noteTaker(setup.notes)
  const named = setup.sites.flatMap((site) => site.names.map((name) => ({ name: name.toLowerCase(), site })))
  const byName = Map.groupBy(named, ({ name }) => name)
  const domains = new Map<string, FoundDomain>()
  const pairs: UsedFiles[] = [...setup.certificates]
  const unread = new Set<string>()
  const secure = new Set<string>()
  for (const [name, all] of byName) {
    const sites = all.map(({ site }) => site)
    const domain = domainOf(name, sites, { setup, files, notes, unread })
    const [first] = sites
    if (!domain || !first) continue
    const fault = domainFault(domain.entry)
    if (fault !== null) {
      notes.left(first, name, `It cannot be a domain here: ${fault}.`)
      continue
    }
    domains.set(name, domain.entry)
    if (domain.certificate) pairs.push(domain.certificate)
    if (sites.some(({ https }) => https !== null)) secure.add(name)
  }
  return { domains, pairs, secure, unread }
}

const domainSchema = configurationFileSchema.shape.domains.valueType

/** Setting beyond what a domain may have, like a path given twice; one such domain does not stop the others. */
function domainFault(entry: FoundDomain): string | null {
  const [issue] = domainSchema.safeParse(entry).error?.issues ?? []
  return issue ? `${issue.path.join('.')} is not valid` : null
}

function domainOf(
  name: string,
  sites: FoundSite[],
  around: Around,
): { entry: FoundDomain; certificate: UsedFiles | null } | null {
  const { notes } = around
  const [first] = sites
  const restricted = sites.find(({ restrictedBy }) => restrictedBy !== null)
  if (!first) return null
  if (restricted) {
    const why = `It is restricted by ${restricted.restrictedBy}, which is not taken over; without it the domain would be open. ${additionOf(name, restricted)}`
    notes.left(restricted, name, why)
    return null
  }
  const secure = sites.find(({ https }) => https !== null)
  const plain = sites.find(({ https }) => https === null)
  const serving = [secure, plain].find((site) => site && site.origin !== null)
  if (!serving?.origin) {
    notes.left(first, name, 'It has no origin that could be taken over: no proxy and no folder.')
    return null
  }
  if (secure?.origin && plain?.origin && !isDeepStrictEqual(secure.origin, plain.origin))
    notes.differs(plain, name, 'HTTP and HTTPS have different origins; the one of HTTPS serves both here.')
  const identity = secure ? identityOf(name, secure, around) : null
  if (secure && !plain && identity)
    notes.differs(secure, name, 'It answers HTTP here too; the other program has only HTTPS for it.')
  const entry = {
    origin: serving.origin,
    https: identity ? 'on' : 'off',
    certificate: identity?.certificate ?? null,
    redirect: (identity && redirectOf(secure, plain)) ?? redirectDefaults,
    policies: policiesOf(serving, secure ?? serving),
  } satisfies FoundDomain
  return { entry, certificate: identity?.files ?? null }
}

function redirectOf(
  secure: FoundSite | undefined,
  plain: FoundSite | undefined,
): FoundDomain['redirect'] | null {
  if (plain?.redirect?.to === 'https') return { mode: 'https', code: plain.redirect.code }
  if (secure?.redirect?.to === 'http') return { mode: 'http', code: secure.redirect.code }
  return null
}

function policiesOf(serving: FoundSite, secure: FoundSite): FoundDomain['policies'] {
  const { backups, routes, headers, maxBytes } = serving
  return {
    ...(secure.hsts && { hsts: secure.hsts }),
    ...(headers.length > 0 && { headers: { rules: headers } }),
    ...(maxBytes !== null && { body: { maxBytes } }),
    ...(backups.length + routes.length > 0 && {
      origins: { backups: backups.slice(0, 8), routes: routes.slice(0, 64) },
    }),
    ...(secure.minimumVersion && { tls: { minimumVersion: secure.minimumVersion } }),
  }
}

/** Commands that add a domain with its restriction. */
function additionOf(name: string, { origin, restrictedBy, restricting }: FoundSite): string {
  if (!origin || !/^[\w.-]+$/.test(name)) return 'Add it by hand.'
  const commands = restricting ?? restrictionsByName.get(restrictedBy ?? '') ?? []
  if (commands.length === 0)
    return `No setting here is equivalent. "edgekeep access ${name}" restricts a whole domain by password or allowed addresses.`
  const all = [`domain add ${name} --origin ${formatOrigin(origin)}`, ...commands.map((of) => of(name))]
  return `To add it: ${all.map((one) => `edgekeep ${one}`).join(', then ')}`
}

const byLogin = (name: string) => `access ${name} --user NAME`
const byAccess = (name: string) => `${byLogin(name)} or --allow NETWORK`
const byClients = (name: string) => `tls ${name} --client-certificates required --client-anchors FILE`
const restrictionsByName = new Map([
  ...['auth_basic', 'authentication', 'authtype', 'basicauth', 'http-request auth'].map(
    (each) => [each, [byLogin]] as const,
  ),
  ...['access_list', 'ipallowlist', 'ipwhitelist', 'require'].map((each) => [each, [byAccess]] as const),
  ...['bind verify', 'clientAuth', 'client_authentication', 'sslverifyclient'].map(
    (each) => [each, [byClients]] as const,
  ),
])

/** Certificate of the domain, by the fingerprint of the first one in its file. */
function identityOf(
  name: string,
  site: FoundSite,
  { setup, files, notes, unread }: Around,
): { certificate: { name: string; sha256: string }; files: UsedFiles } | null {
  if (site.https === 'unknown' || site.https === null) {
    notes.left(site, name, 'Its certificate was not found, so HTTPS is off.')
    return null
  }
  try {
    using bytes = new SecretBytes(bytesOf(site.https.certificate, { setup, files }))
    const sha256 = new X509Certificate(bytes.bytes).fingerprint256.replaceAll(':', '').toLowerCase()
    return { certificate: { name, sha256 }, files: { ...site.https, name, at: site } }
  } catch (error) {
    const reason = error instanceof UnreadableFile ? error.message : 'it holds no certificate'
    if (reason === notPermitted) unread.add(site.https.certificate)
    else
      notes.left(
        { file: site.https.certificate },
        name,
        `Its certificate cannot be read: ${reason}. HTTPS is off.`,
      )
    return null
  }
}

/** Bytes of a file that a setup names, which may hold a key; the caller wipes them. @throws UnreadableFile */
export function bytesOf(
  path: string,
  { setup, files }: { setup: FoundSetup; files: BoundedFiles },
): Buffer<ArrayBuffer> {
  const embedded = setup.embedded.get(path)
  return embedded ? Buffer.from(embedded) : files.bytes(path)
}
