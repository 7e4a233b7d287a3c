import { findingKey } from '../../domain/finding-key.ts'
import type { Finding } from '../../contract/findings/findings.ts'
import { isCured } from '../../domain/finding-cures.ts'
import type { LiveEvent } from '../../contract/shared/live-event.ts'
import type { Core } from '../core/core.ts'
import { createTopic, type Topic } from '../core/live.ts'
import type { FoundAt } from '../../edge/protocol/worker-protocol.ts'

/** Limit per domain; the finding seen longest ago is evicted. */
const mostFindings = 200

/**
 * Findings in the domains' responses since this engine started, in memory only, without those that settings of
 * the domain cure.
 */
export type Findings = ReturnType<typeof createFindings>

export function createFindings({
  clock,
  vault,
  topics: { rowsChanged },
}: Pick<Core, 'clock' | 'vault' | 'topics'>) {
  const byDomain = new Map<string, Map<string, Finding>>()
  const topics = new Map<string, Topic<LiveEvent<Finding>>>()

  function topic(domain: string): Topic<LiveEvent<Finding>> {
    const existing = topics.get(domain) ?? createTopic<LiveEvent<Finding>>()
    topics.set(domain, existing)
    return existing
  }

  function isCuredIn({ domain, kind }: Pick<Finding, 'domain' | 'kind'>): boolean {
    const row = vault.domains.get(domain)
    return row !== undefined && isCured(kind, row)
  }

  rowsChanged.follow(({ domains }) => {
    for (const domain of domains)
      for (const [key, finding] of byDomain.get(domain) ?? []) if (isCuredIn(finding)) remove(domain, key)
  })

  function add(found: readonly FoundAt[]): void {
    const now = clock().toISOString()
    for (const { count, ...what } of found.filter((each) => !isCuredIn(each))) {
      const key = findingKey(what)
      const findings = byDomain.get(what.domain) ?? new Map<string, Finding>()
      byDomain.set(what.domain, findings)
      const before = findings.get(key)
      const item = {
        ...what,
        count: (before?.count ?? 0) + count,
        firstSeen: before?.firstSeen ?? now,
        lastSeen: now,
      }
      // Reinserts at the end, so that the first entry is the one seen longest ago.
      findings.delete(key)
      findings.set(key, item)
      topic(what.domain).publish({ type: 'changed', items: [item] })
      if (findings.size > mostFindings) remove(what.domain, findings.keys().next().value ?? '')
    }
  }

  function remove(domain: string, key: string): void {
    byDomain.get(domain)?.delete(key)
    topic(domain).publish({ type: 'removed', keys: [key] })
  }

  return {
    topic,
    add,
    /** Latest first. */
    list: (domain: string) => [...(byDomain.get(domain)?.values() ?? [])].toReversed(),
    clear(domain: string) {
      for (const key of byDomain.get(domain)?.keys() ?? []) remove(domain, key)
    },
  }
}
