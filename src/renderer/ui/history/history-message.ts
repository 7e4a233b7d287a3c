import type { HistoryEntry } from '../../../contract/domains/history.ts'

/** Message key of an entry, with its parameters. */
export interface HistoryMessage {
  key: HistoryKey
  from: string
  to: string
  domain: string
}

export type HistoryKey =
  | 'served'
  | 'swapped'
  | 'paused'
  | 'resumed'
  | 'ended'
  | 'imported'
  | 'renamed'
  | 'annotated'
  | 'kept'
  | 'notKept'
  | 'erased'
  | 'other'

const ofCertificate = new Map<string, HistoryKey>(
  Object.entries({
    'certificate.import': 'imported',
    'certificate.rename': 'renamed',
    'certificate.annotate': 'annotated',
    'certificate.remove': 'erased',
  }),
)

export function historyMessage(entry: HistoryEntry): HistoryMessage {
  const renamed = entry.action === 'certificate.rename'
  return {
    key: keyOf(entry),
    from: renamed ? text(entry.before) : (entry.from?.name ?? ''),
    to: renamed ? text(entry.after) : (entry.to?.name ?? ''),
    domain: entry.domain ?? entry.action,
  }
}

function keyOf({ action, domain, from, to, before, after }: HistoryEntry): HistoryKey {
  if (action === 'certificate.keep') return after === true ? 'kept' : 'notKept'
  if (domain === null) return ofCertificate.get(action) ?? 'other'
  if (action === 'https.pause') return 'paused'
  if (from && to && from.fingerprintSha256 !== to.fingerprintSha256) return 'swapped'
  if (from && to) return stateOf(before) === 'paused' ? 'resumed' : 'served'
  return to ? 'served' : 'ended'
}

function text(value: HistoryEntry['before']): string {
  return typeof value === 'string' ? value : ''
}

function stateOf(value: HistoryEntry['before']): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value.state : undefined
}
