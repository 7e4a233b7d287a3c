import type { Effect } from '../../contract/domains/domains.ts'
import type { AuditEntry, Touched } from '../vault/vault.ts'
import type { EngineParts } from '../parts.ts'
import { engineStatus } from '../settings/status.ts'
import { domainView, viewSources } from '../domains/views.ts'

/** Audit entry of a change; never a secret. */
export type ChangeRecord = Omit<AuditEntry, 'actor'>

export interface Recorded {
  record: ChangeRecord | ChangeRecord[]
}

/**
 * Commits a change, the only way to change state: one transaction with its audit entries, then the snapshot
 * to the worker, then the events to subscribers. The vault itself records which rows changed. Resolves with
 * the version that the worker has acknowledged. Once the transaction is committed nothing throws.
 */
export async function commit<T extends Recorded>(
  parts: EngineParts,
  act: () => T,
): Promise<{ done: T; effect: Effect }> {
  const { vault, actor, autoLock } = parts
  // Changes by the engine itself, such as renewals, are no sign of a person's presence.
  if (actor !== 'engine') autoLock.touch()
  const { done, version } = vault.change(() => {
    const result = act()
    for (const record of [result.record].flat()) vault.audit.append({ actor, ...record })
    return { done: result, version: vault.configurationVersion() + 1 }
  })
  const effect: Effect = { version, inEffect: null }
  await vault.cleanUp.attemptAsync('edge', async () => {
    const touched = parts.unpublished.take()
    parts.stapling?.follow(touched.domains)
    parts.pacFile?.follow(touched.domains)
    try {
      if (parts.supervisor) effect.inEffect = await parts.supervisor.apply()
    } finally {
      announce(parts, touched)
    }
  })
  return { done, effect }
}

/** Publishes row changes that are no change of the configuration. */
export function publishUnpublished(parts: EngineParts): void {
  announce(parts, parts.unpublished.take())
}

/**
 * Publishes current rows to subscribers: those named, and the domains that show one of the certificates.
 * Never throws, since it follows a change that is in force.
 */
export function announce(
  parts: EngineParts,
  touched: Partial<Pick<Touched, 'domains' | 'certificates'>> = {},
): void {
  parts.vault.cleanUp.attempt('windows', () => publish(parts, touched))
}

function publish(parts: EngineParts, touched: Partial<Pick<Touched, 'domains' | 'certificates'>>): void {
  const { vault, topics } = parts
  const sources = viewSources(parts)
  const certificates = new Set(touched.certificates)
  for (const id of certificates) {
    const item = sources.summary(id)
    topics.certificates.publish(item ? { type: 'changed', item } : { type: 'removed', key: id })
  }
  const showing = [...certificates].flatMap((id) => vault.certificates.shownBy(id))
  for (const name of new Set([...(touched.domains ?? []), ...showing])) {
    const row = vault.domains.get(name)
    topics.domains.publish(
      row ? { type: 'changed', item: domainView(row, sources) } : { type: 'removed', key: name },
    )
  }
  topics.issuing.publish({})
  topics.status.publish(engineStatus(parts))
}
