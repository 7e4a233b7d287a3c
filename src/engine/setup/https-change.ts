import type { Origin } from '../../contract/domains/origins.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import type { Obstacle, PrivateCure, TrustStep } from '../../contract/trust/trust.ts'
import type { DomainRow } from '../vault/vault.ts'
import type { SetupNeeds } from './needs.ts'
import { addDomain, domainRow } from '../domains/domains.ts'
import { turnOnHttps } from '../https/https.ts'
import { chosenNames } from '../names/names.ts'
import { type Change, type Result, ownStep } from '../changes/changes.ts'
import { certificateRefusal, isLocallyIssued, outside } from './certificate-obstacle.ts'
import { foreignRootChanges } from './foreign-root.ts'

/** Parts of a domain's row that a setup depends on; those of a domain that it adds are the defaults. */
type PlannedDomain = Pick<DomainRow, 'name' | 'origin' | 'certificateId' | 'httpsState'>

export interface Chosen {
  domains?: string[]
  origin?: Origin
  cure?: PrivateCure
  /** File with the root for the cure `trust-root`. */
  root?: File
}

/** The requested domains, or all; those that do not exist as the setup will add them. */
export function plannedDomains(parts: SetupNeeds, { domains, origin }: Chosen): PlannedDomain[] {
  const names = new Set(chosenNames(parts, domains, origin !== undefined).map(({ domain }) => domain))
  return [...names].map(
    (name) =>
      parts.vault.domains.get(name) ??
      (origin ? { name, origin, certificateId: null, httpsState: 'off' } : domainRow(parts, name)),
  )
}

/** Adds each requested domain that does not exist. */
export function domainChanges(parts: SetupNeeds, { domains, origin }: Chosen): Change[] {
  if (domains === undefined || origin === undefined) return []
  const isNew = ({ name }: PlannedDomain) => parts.vault.domains.get(name) === undefined
  return plannedDomains(parts, { domains, origin })
    .filter(isNew)
    .map(({ name }) => {
      const shown = readableName(name)
      const change = `Adds ${shown}, with the origin ${formatOrigin(origin)}.`
      const step = ownStep({ store: `domain:${name}`, title: shown, location: 'the edge', change })
      const act = async (): Promise<Result> => {
        await addDomain(parts, name, origin)
        return { outcome: 'done', sentence: `${shown} is served.` }
      }
      return { step, act }
    })
}

/**
 * HTTPS for each requested domain that does not have it. For one whose certificate the browsers here refuse:
 * the requested cure, or a step with an obstacle.
 */
export async function httpsChanges(parts: SetupNeeds, chosen: Chosen): Promise<Change[]> {
  if (chosen.domains === undefined) return []
  const all = await Promise.all(plannedDomains(parts, chosen).map((each) => httpsChange(parts, each, chosen)))
  // Domains of one private authority share its root.
  return [...new Map(all.flat().map((change) => [change.step.store, change])).values()]
}

async function httpsChange(parts: SetupNeeds, domain: PlannedDomain, chosen: Chosen): Promise<Change[]> {
  const { name, certificateId, httpsState } = domain
  const refusal = certificateId ? await certificateRefusal(parts, domainRow(parts, name), chosen.root) : null
  const has = (cure: PrivateCure) =>
    chosen.cure === cure && refusal?.obstacle.cures?.some((each) => each.cure === cure) === true
  const isFree = certificateId === null || has('free-certificate')
  const root = has('trust-root') ? refusal?.root : null
  const trusting = refusal && root ? await foreignRootChanges(parts, refusal.stores, root) : []
  const obstacle = isFree ? outside(parts, name) : root ? null : (refusal?.obstacle ?? null)
  if (httpsState === 'on' && obstacle === null && !isFree) return trusting
  return [
    ...trusting,
    { step: stepOf(domain, obstacle, isFree), act: () => turnedOn(parts, name, obstacle, isFree) },
  ]
}

/** Whether trust in the local authority matters for the domains: some use its certificates, or will. */
export function needsTrust(parts: SetupNeeds, chosen: Chosen): boolean {
  if (chosen.domains === undefined || chosen.cure === 'free-certificate') return true
  return plannedDomains(parts, chosen).some(
    ({ name, certificateId }) => certificateId === null || isLocallyIssued(parts, domainRow(parts, name)),
  )
}

function stepOf(planned: PlannedDomain, obstacle: Obstacle | null, isFree: boolean): TrustStep {
  const domain = readableName(planned.name)
  return ownStep(
    {
      ...{ store: `https:${planned.name}`, title: `HTTPS for ${domain}`, location: 'the edge' },
      change: changeOf(planned, domain, isFree),
    },
    obstacle,
  )
}

/** A step for HTTPS that is on, with a certificate that stays, exists only for its obstacle. */
function changeOf({ certificateId, httpsState }: PlannedDomain, domain: string, isFree: boolean): string {
  if (isFree && certificateId !== null)
    return `Serves ${domain} with a free certificate of the local authority. The present one stays in the vault.`
  if (isFree) return `Turns HTTPS on for ${domain}, with a free certificate of the local authority.`
  return httpsState === 'on'
    ? `Serves ${domain} with a certificate that the browsers here accept.`
    : `Resumes HTTPS for ${domain}, with the certificate it has.`
}

async function turnedOn(
  parts: SetupNeeds,
  name: string,
  obstacle: Obstacle | null,
  isFree: boolean,
): Promise<Result> {
  if (obstacle !== null) return { outcome: 'failed', sentence: obstacle.sentence }
  await turnOnHttps(parts, name, isFree)
  return { outcome: 'done', sentence: `HTTPS is on for ${readableName(name)}.` }
}
