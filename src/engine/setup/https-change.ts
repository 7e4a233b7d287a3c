import { EdgekeepError } from '../../contract/errors/registry.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { isUnder, localSuffixes } from '../../domain/authority-scope.ts'
import type { Obstacle, TrustStep } from '../../contract/trust/trust.ts'
import type { DomainRow } from '../vault/vault.ts'
import { localAuthority } from '../local-authority/authority-of-vault.ts'
import type { SetupNeeds } from './needs.ts'
import { domainRow } from '../domains/domains.ts'
import { turnOnHttps } from '../https/https.ts'
import { chosenNames } from '../names/names.ts'
import { type Change, type Result, ownStep } from '../changes/changes.ts'

/** Rows of the named domains, or of all. */
export function chosenDomains(parts: SetupNeeds, domains: string[] | undefined): DomainRow[] {
  const names = new Set(chosenNames(parts, domains).map(({ domain }) => domain))
  return [...names].map((name) => domainRow(parts, name))
}

/** HTTPS for each requested domain that does not have it. */
export function httpsChanges(parts: SetupNeeds, domains: string[] | undefined): Change[] {
  if (domains === undefined) return []
  return chosenDomains(parts, domains)
    .filter(({ httpsState }) => httpsState !== 'on')
    .map((domain) => ({ step: stepOf(parts, domain), act: () => turnedOn(parts, domain.name) }))
}

/** Whether trust in the local authority matters for the domains: some use its certificates, or will. */
export function needsTrust(parts: SetupNeeds, domains: string[] | undefined): boolean {
  const kindOf = (id: string | null) => (id === null ? 'free' : parts.vault.certificates.get(id)?.kind)
  return (
    domains === undefined || chosenDomains(parts, domains).some((row) => kindOf(row.certificateId) === 'free')
  )
}

function stepOf(parts: SetupNeeds, { name, certificateId }: DomainRow): TrustStep {
  const domain = readableName(name)
  const change =
    certificateId === null
      ? `Turns HTTPS on for ${domain}, with a free certificate of the local authority.`
      : `Resumes HTTPS for ${domain}, with the certificate it has.`
  const step = { store: `https:${name}`, title: `HTTPS for ${domain}`, location: 'the edge', change }
  return ownStep(step, certificateId === null ? outside(parts, name) : null)
}

/** Obstacle for a name outside the authority's constraints. */
function outside(parts: SetupNeeds, name: string): Obstacle | null {
  const suffixes = localAuthority(parts)?.suffixes ?? [...localSuffixes]
  if (suffixes.some((suffix) => isUnder(name, suffix))) return null
  const sentence = new EdgekeepError('authority.name_outside', { name, suffixes }).message
  return { sentence, command: `edgekeep authority allow ${readableName(name.replace(/^\*\./, ''))}` }
}

async function turnedOn(parts: SetupNeeds, name: string): Promise<Result> {
  await turnOnHttps(parts, name)
  return { outcome: 'done', sentence: `HTTPS is on for ${readableName(name)}.` }
}
