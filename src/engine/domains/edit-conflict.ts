import { originSchema, redirectSchema, type Origin, type Redirect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { policiesSchema, type Policies } from '../../contract/domains/policies.ts'
import type { DomainRow } from '../vault/vault.ts'
import { changedMeanwhile, isUnchanged } from '../core/edit-conflict.ts'
import type { DomainNeeds } from './needs.ts'
import { shownPolicies } from './policy-passwords.ts'

export interface ReadBefore {
  origin?: Origin
  redirect?: Redirect
  policies?: Partial<Policies>
}

const sectionLabels = {
  hsts: 'HSTS policy',
  redirect: 'redirect exceptions',
  headers: 'header rules',
  access: 'access rules',
  body: 'body limit',
  findings: 'findings setting',
  tls: 'TLS settings',
  origins: 'further origins and paths',
  health: 'health check',
  timeouts: 'timeouts',
} as const satisfies Record<keyof Policies, string>

/**
 * Detects edit conflicts, so that nobody overwrites the latest change of another window or command.
 * @throws `domain.changed_meanwhile`
 */
export function refuseEditConflict(parts: DomainNeeds, row: DomainRow, read: ReadBefore): void {
  const changed = whatChanged(row, read)
  if (changed === null) return
  throw new EdgekeepError('domain.changed_meanwhile', {
    name: row.name,
    ...changedMeanwhile(parts, row.name, changed),
  })
}

function whatChanged(row: DomainRow, { origin, redirect, policies = {} }: ReadBefore): string | null {
  if (origin && !isUnchanged(originSchema, origin, row.origin)) return 'origin'
  if (redirect && !isUnchanged(redirectSchema, redirect, row.redirect)) return 'redirect'
  const shown = shownPolicies(row.policies)
  const sections = Object.keys(policies) as (keyof Policies)[]
  const other = sections.find(
    (section) => !isUnchanged(policiesSchema.shape[section], policies[section], shown[section]),
  )
  return other ? sectionLabels[other] : null
}
