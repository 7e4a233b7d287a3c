import type { Effect } from '../../contract/domains.ts'
import type { AuditEntry, Touched } from '../vault/vault.ts'
import type { EngineParts } from '../parts.ts'
import { engineStatus } from '../settings/status.ts'
import { domainView, viewSources } from './views.ts'

/** What the audit trail says of a change; never a secret. */
export type ChangeRecord = Omit<AuditEntry, 'actor'>

/** What is recorded of a change, and whatever else its caller wants of it. */
export interface Recorded {
  record: ChangeRecord | ChangeRecord[]
}

/**
 * The one way state changes: a transaction in the vault with its rows in the audit trail, the
 * snapshot to the worker, then the news to whoever watches. Which rows have changed the vault has noted
 * itself. Resolves with the version the worker has acknowledged. Once the transaction is committed nothing throws.
 */
export async function commit<T extends Recorded>(
  parts: EngineParts,
  act: () => T,
): Promise<{ done: T; effect: Effect }> {
  const { vault, actor, autoLock } = parts
  // What the engine does by itself, such as renewals, shows that nobody is there.
  if (actor !== 'engine') autoLock.touch()
  const { done, version } = vault.change(() => {
    const result = act()
    for (const record of [result.record].flat()) vault.audit.append({ actor, ...record })
    return { done: result, version: vault.configurationVersion() + 1 }
  })
  const effect: Effect = { version, inEffect: null }
  await vault.cleanUp.attemptAsync('edge', async () => {
    const touched = parts.untold.take()
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

/** Tells the watchers of what has changed in the vault without a change of the configuration. */
export function announceUntold(parts: EngineParts): void {
  announce(parts, parts.untold.take())
}

/**
 * Publishes rows as they are now to the watchers: those named, and the domains that show one of the certificates.
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
