import type { LocalAuthority } from '../../contract/local-authority/authority.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  isLocalSuffix,
  isWithinScope,
  keepsRevoking,
  localSuffixes,
  mostSuffixes,
} from '../../domain/authority-scope.ts'
import { suffixProblem } from '../../domain/suffix-problem.ts'
import { newGeneration, retiredInUse } from './generations.ts'
import { suffixesOf } from '../certificates/authority-scope.ts'
import { ensureAuthority } from './local-authority.ts'
import { certificateInPem } from '../../pki/facts/certificate.ts'
import { vouchesForClients } from '../../pki/issue/authority-certificates.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { AuthorityGeneration } from '../vault/vault.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import type { Core } from '../core/core.ts'
import type { IssuingNeeds } from './needs.ts'
import type { RevocationService } from '../../contract/local-authority/local-certificates.ts'
import { portTrouble } from '../../edge/supervisor/port-owner.ts'
import { commit } from '../core/commit.ts'
import { revocationPort } from '../core/settings.ts'

/** Public parts only; null before the first free certificate. */
export function localAuthority(parts: Pick<Core, 'vault'>): LocalAuthority | null {
  const generation = parts.vault.authority.get()
  if (!generation) return null
  const suffixes = suffixesOf(generation)
  return {
    generation: generation.id,
    root: rootOf(generation),
    intermediate:
      generation.intermediatePem === null ? null : certificateInPem(generation.intermediatePem).facts,
    intermediatePem: generation.intermediatePem,
    suffixes,
    clients: vouchesForClients(generation.certificatePem),
    chosen: (suffixes ?? []).filter((suffix) => !isLocalSuffix(suffix)),
    retired: retiredInUse(parts).map(rootOf),
  }
}

/** Creates the authority if there is none, or only one of the form without an intermediate. */
export async function readyAuthority(parts: IssuingNeeds): Promise<LocalAuthority> {
  await ensureAuthority(parts)
  scheduleGc()
  return requireAuthority(parts)
}

/** @throws `authority.none` */
export function requireAuthority(parts: IssuingNeeds): LocalAuthority {
  const authority = localAuthority(parts)
  if (!authority) throw new EdgekeepError('authority.none', {})
  return authority
}

/**
 * New root with the suffixes of the previous one plus `allow`, minus `disallow`; `clients` null keeps the
 * setting for TLS clients. A change that allows something also creates a first root, and one that the present root
 * fulfils leaves it.
 * @throws `authority.suffix_refused` for a local suffix, which always stays; `authority.none` if nothing is
 *   allowed and there is none; `authority.clock_doubtful` unless `clockIsRight`, which also creates a first
 *   root
 */
export async function rotateAuthority(
  parts: IssuingNeeds,
  change: { allow: string[]; disallow: string[]; clients: boolean | null; clockIsRight: boolean },
): Promise<LocalAuthority> {
  const allow = change.allow.map(normalisedSuffix)
  const disallow = new Set(change.disallow.map(normalisedSuffix))
  for (const suffix of disallow)
    if (isLocalSuffix(suffix)) throw refused(suffix, 'it is always among those that it may vouch for')
  const now = localAuthority(parts)
  if (!now && allow.length === 0 && !change.clients && !change.clockIsRight)
    throw new EdgekeepError('authority.none', {})
  const { clients, clockIsRight } = change
  if (now && isWithinScope(now, { allow, disallow: [...disallow], clients })) return now
  const chosen = [...new Set([...(now?.chosen ?? []), ...allow])]
  const suffixes = [
    ...localSuffixes,
    ...chosen.filter((suffix) => !isLocalSuffix(suffix) && !disallow.has(suffix)),
  ]
  if (suffixes.length > mostSuffixes)
    throw refused(allow[0] ?? '', `${mostSuffixes} are the most, and it has them already`)
  const before = parts.vault.authority.get()
  const had = before?.intermediatePem ? vouchesForClients(before.certificatePem) : false
  const options = { clockIsRight, keepsRevoking: keepsRevoking(change) }
  await newGeneration(parts, { suffixes, clients: clients ?? had }, options)
  scheduleGc()
  return requireAuthority(parts)
}

/** Canonical form, as in the certificate: `COM.` becomes `com`. */
function normalisedSuffix(input: string): string {
  const suffix = normalForm(input)
  const problem = suffixProblem(suffix)
  if (problem) throw refused(input, problem)
  return suffix
}

function normalForm(input: string): string {
  if (isLocalSuffix(input.toLowerCase())) return input.toLowerCase()
  try {
    return normaliseDomain(input)
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    throw refused(input, 'it is not a domain name')
  }
}

function refused(suffix: string, reason: string): EdgekeepError {
  return new EdgekeepError('authority.suffix_refused', { suffix: echoOf(suffix), reason })
}

function rootOf({ certificatePem: pem }: AuthorityGeneration): LocalAuthority['root'] {
  const { facts, der } = certificateInPem(pem)
  return { facts, pem, der: Buffer.from(der).toString('base64') }
}

/** @throws `edge.port_taken`, `edge.port_forbidden`; the setting then stays as it was */
export async function setRevocationService(
  parts: IssuingNeeds,
  port: number | null,
): Promise<RevocationService> {
  const { vault, publication } = parts
  const before = revocationPort.read(vault)
  const trouble = port === null || port === before ? null : await portTrouble(port, [])
  if (trouble) throw trouble
  await commit(parts, () => {
    revocationPort.store(vault, port)
    return { record: { action: 'authority.publish', subject: 'authority', before, after: port } }
  })
  await publication.followSetting()
  return publication.state()
}
