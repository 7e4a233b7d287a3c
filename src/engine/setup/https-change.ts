import type { Origin } from '../../contract/domains/origins.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { httpsCommand, outsideScope } from '../../domain/issuing-scope.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import type { Obstacle, TrustStep } from '../../contract/trust/trust.ts'
import type { DomainRow } from '../vault/vault.ts'
import { nextSuffixes } from '../certificates/authority-scope.ts'
import type { SetupNeeds } from './needs.ts'
import { addDomain, domainRow } from '../domains/domains.ts'
import { turnOnHttps } from '../https/https.ts'
import { chosenNames } from '../names/names.ts'
import { type Change, type Result, ownStep } from '../changes/changes.ts'
import { certificateObstacle, isLocallyIssued } from './certificate-obstacle.ts'

/** Parts of a domain's row that a setup depends on; those of a domain that it adds are the defaults. */
type PlannedDomain = Pick<DomainRow, 'name' | 'origin' | 'certificateId' | 'httpsState'>

export interface Chosen {
  domains?: string[]
  /** Origin of the domains that do not exist yet. */
  origin?: Origin
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
 * HTTPS for each requested domain that does not have it, and a step with an obstacle for each whose
 * certificate the browsers here will refuse.
 */
export async function httpsChanges(parts: SetupNeeds, chosen: Chosen): Promise<Change[]> {
  if (chosen.domains === undefined) return []
  const planned = plannedDomains(parts, chosen).map(async (domain): Promise<Change[]> => {
    const obstacle = domain.certificateId
      ? await certificateObstacle(parts, domainRow(parts, domain.name))
      : outside(parts, domain.name)
    if (domain.httpsState === 'on' && obstacle === null) return []
    return [{ step: stepOf(domain, obstacle), act: () => turnedOn(parts, domain.name, obstacle) }]
  })
  return (await Promise.all(planned)).flat()
}

/** Whether trust in the local authority matters for the domains: some use its certificates, or will. */
export function needsTrust(parts: SetupNeeds, chosen: Chosen): boolean {
  if (chosen.domains === undefined) return true
  return plannedDomains(parts, chosen).some(
    ({ name, certificateId }) => certificateId === null || isLocallyIssued(parts, domainRow(parts, name)),
  )
}

function stepOf(planned: PlannedDomain, obstacle: Obstacle | null): TrustStep {
  const domain = readableName(planned.name)
  return ownStep(
    {
      ...{ store: `https:${planned.name}`, title: `HTTPS for ${domain}`, location: 'the edge' },
      change: changeOf(planned, domain),
    },
    obstacle,
  )
}

/** A step for HTTPS that is on exists only for its obstacle. */
function changeOf({ certificateId, httpsState }: PlannedDomain, domain: string): string {
  if (certificateId === null)
    return `Turns HTTPS on for ${domain}, with a free certificate of the local authority.`
  return httpsState === 'on'
    ? `Serves ${domain} with a certificate that the browsers here accept.`
    : `Resumes HTTPS for ${domain}, with the certificate it has.`
}

/** Obstacle for a name outside the authority's constraints. */
function outside(parts: SetupNeeds, name: string): Obstacle | null {
  const suffixes = nextSuffixes(parts)
  const refused = outsideScope([name], suffixes)
  if (!refused) return null
  const allow = `edgekeep authority allow ${readableName(name.replace(/^\*\./, ''))}`
  return { sentence: refused.message, command: refused.data.refusal ? httpsCommand(name, suffixes) : allow }
}

async function turnedOn(parts: SetupNeeds, name: string, obstacle: Obstacle | null): Promise<Result> {
  if (obstacle !== null) return { outcome: 'failed', sentence: obstacle.sentence }
  await turnOnHttps(parts, name)
  return { outcome: 'done', sentence: `HTTPS is on for ${readableName(name)}.` }
}
