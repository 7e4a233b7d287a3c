import type { Effect } from '../../../contract/domains.ts'
import type { AuditEntry } from '../../vault/vault.ts'
import type { EngineParts } from './parts.ts'
import { engineStatus } from '../engine/status.ts'
import { domainView, viewSources } from './views.ts'

/** What the audit trail says of a change; never a secret. */
export type ChangeRecord = Omit<AuditEntry, 'actor'>

/** What a change touched, so that live queries hear of it, and what is recorded of it. */
export interface Touched {
  record: ChangeRecord | ChangeRecord[]
  domains?: string[]
  removedDomains?: string[]
  certificates?: string[]
  removedCertificates?: string[]
}

/**
 * The one way state changes: a transaction in the vault with its rows in the audit trail, the
 * snapshot to the worker, then the news to whoever watches. Resolves with the version the worker has acknowledged.
 */
export async function commit<T extends Touched>(
  parts: EngineParts,
  act: () => T,
): Promise<{ touched: T; effect: Effect }> {
  const { vault, actor, autoLock } = parts
  autoLock.touch()
  const touched = vault.change(() => {
    const done = act()
    for (const record of [done.record].flat()) vault.audit.append({ actor, ...record })
    return done
  })
  parts.stapling?.follow([...(touched.domains ?? []), ...(touched.removedDomains ?? [])])
  const version = vault.configurationVersion()
  const inEffect = parts.supervisor ? await parts.supervisor.apply() : null
  announce(parts, touched)
  return { touched, effect: { version, inEffect } }
}

/** Tells the watchers about rows as they are now. */
export function announce(parts: EngineParts, touched: Omit<Touched, 'record'>): void {
  const { vault, topics } = parts
  const certificates = viewSources(parts)
  for (const key of touched.removedCertificates ?? []) topics.certificates.publish({ type: 'removed', key })
  for (const key of touched.removedDomains ?? []) topics.domains.publish({ type: 'removed', key })
  for (const id of new Set(touched.certificates)) {
    const item = certificates.summary(id)
    if (item) topics.certificates.publish({ type: 'changed', item })
  }
  for (const name of new Set(touched.domains)) {
    const row = vault.domains.get(name)
    if (row) topics.domains.publish({ type: 'changed', item: domainView(row, certificates) })
  }
  topics.status.publish(engineStatus(parts))
}
