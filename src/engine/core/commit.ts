import type { Effect } from '../../contract/domains/domains.ts'
import { count } from '../../contract/text/count.ts'
import type { AuditEntry } from '../vault/vault.ts'
import type { Core, ShownRows } from './core.ts'

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
  core: Core,
  act: () => T,
): Promise<{ done: T; effect: Effect }> {
  const { vault, actor, autoLock, topics } = core
  // Changes by an agent or the engine itself, such as renewals, are no sign of a person's presence.
  if (actor !== 'engine' && actor !== 'agent') autoLock.touch()
  const { done, version } = vault.change(() => {
    const result = act()
    for (const record of joinAlike([result.record].flat())) vault.audit.append({ actor, ...record })
    return { done: result, version: vault.configurationVersion() + 1 }
  })
  const effect: Effect = { version, inEffect: null }
  await vault.cleanUp.attemptAsync('edge', async () => {
    const touched = core.unpublished.take()
    topics.rowsChanged.publish(touched)
    try {
      if (core.supervisor) effect.inEffect = await core.supervisor.apply()
    } finally {
      announce(core, touched)
    }
  })
  return { done, effect }
}

/**
 * Joins entries that differ only in their domain, such as those of a certificate replaced on many, to one, whose
 * `after` lists them as `domains`.
 */
function joinAlike(records: ChangeRecord[]): ChangeRecord[] {
  const groups = Map.groupBy(records, (record) => (isOfDomain(record) ? alikeKey(record) : record))
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? []
    const domains = [first, ...others].map(({ subject }) => subject)
    const after = { ...(first.after as object), domains }
    return { ...first, subject: count(domains.length, 'domain'), after }
  })
}

function isOfDomain({ action, after }: ChangeRecord): boolean {
  return (
    /^(domain|https)\./.test(action) && typeof after === 'object' && after !== null && !Array.isArray(after)
  )
}

function alikeKey({ action, before, after }: ChangeRecord): string {
  return JSON.stringify([action, before, after])
}

/** Publishes row changes that are no change of the configuration. */
export function publishUnpublished(core: Core): void {
  announce(core, core.unpublished.take())
}

/**
 * Has features publish their views of rows: those named, and the domains that show one of the certificates.
 * Never throws, since it follows a change that is in force.
 */
export function announce({ vault, topics }: Core, rows: Partial<ShownRows> = {}): void {
  vault.cleanUp.attempt('windows', () => {
    topics.rowsShown.publish({ domains: [], certificates: [], usedCertificates: [], ...rows })
    topics.issuing.publish({})
    topics.statusChanged.publish({})
  })
}
