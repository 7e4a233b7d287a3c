import type { Certificate } from '../x509/certificate.ts'
import { type Extension, extensionIn } from '../x509/extensions.ts'
import { readSctList, type SignedCertificateTimestamp } from '../x509/sct-list.ts'
import { knownLogs, type LogList, type TransparencyLog } from './log-list.ts'
import { isSignedByLog } from './signed-entry.ts'

export interface JudgedTimestamp {
  at: Date
  logIdHex: string
  log: TransparencyLog | undefined
  /**
   * `counts`: by both policies. `unlisted`: the list cannot know the log, because it is too old or too new for
   * the certificate.
   */
  state: 'counts' | 'unknown' | 'unlisted' | 'forged' | 'other-interval' | 'retired' | 'not-accepted'
}

export interface Transparency {
  timestamps: JudgedTimestamp[]
  needed: number
  /** Distinct logs whose timestamps count. */
  counted: number
  /** `undecided`: not met by a list that cannot know. */
  chrome: Outcome
  apple: Outcome
  /** Milliseconds since 1970. */
  listAt: number
}
export type Outcome = 'met' | 'too-few' | 'one-operator' | 'no-current-log' | 'no-rfc6962-log' | 'undecided'

const dayMs = 86_400_000
/** Chrome Certificate Transparency Policy: no enforcement by an older list. */
const listUseMs = 70 * dayMs
/** Chrome and Apple: two logs up to 180 days, three beyond. */
const halfYearMs = 180 * dayMs

/**
 * Judges the embedded SCTs; undefined without any, or if their list is unreadable. `issuer`: to check the
 * signatures; `at`: time of the judgement, by default that of the issuance.
 */
export function transparencyOf(
  leaf: Certificate,
  issuer?: Certificate,
  { at = leaf.notBefore, list = knownLogs() }: { at?: number; list?: LogList } = {},
): Transparency | undefined {
  const scts = embeddedTimestamps(leaf)
  if (!scts || scts.length === 0) return undefined
  const knows = leaf.notAfter >= list.at && at - list.at <= listUseMs
  const timestamps = scts.map((sct) => judged(sct, leaf, issuer, list, knows))
  const good = timestamps.filter(({ state }) => state === 'counts')
  const needed = leaf.notAfter - leaf.notBefore + 1000 > halfYearMs ? 3 : 2
  const counted = new Set(good.map(({ log }) => log)).size
  const chrome = outcomeOf(good, counted, needed)
  const apple = chrome === 'met' && good.every(({ log }) => log?.isTiled) ? 'no-rfc6962-log' : chrome
  const decided = (one: Outcome) => (one === 'met' || knows ? one : 'undecided')
  return { timestamps, needed, counted, chrome: decided(chrome), apple: decided(apple), listAt: list.at }
}

/** The SCTs in the certificate; empty if they cannot be read, undefined without the extension. */
export function embeddedTimestamps({ extensions }: Certificate): SignedCertificateTimestamp[] | undefined {
  const list = extensionIn(extensions, 'timestamps')
  if (!list) return undefined
  const before = read.get(list)
  if (before) return before
  try {
    read.set(list, readSctList(list.value))
  } catch {
    read.set(list, [])
  }
  return read.get(list)
}
const read = new WeakMap<Extension, SignedCertificateTimestamp[]>()

/** Signature checks by timestamp: lint asks twice, for the scope and for its rules. */
const checked = new WeakMap<SignedCertificateTimestamp, Map<Certificate, boolean>>()

function isForged(
  sct: SignedCertificateTimestamp,
  log: TransparencyLog,
  leaf: Certificate,
  issuer: Certificate,
) {
  const known = checked.get(sct) ?? new Map<Certificate, boolean>()
  checked.set(sct, known)
  if (!known.has(issuer)) known.set(issuer, !isSignedByLog(sct, leaf, issuer, log.key))
  return known.get(issuer)
}

function judged(
  sct: SignedCertificateTimestamp,
  leaf: Certificate,
  issuer: Certificate | undefined,
  list: LogList,
  knows: boolean,
): JudgedTimestamp {
  const { at, logIdHex } = sct
  const log = list.byId.get(logIdHex)
  return { at, logIdHex, log, state: log ? stateOf(sct, log, leaf, issuer) : knows ? 'unknown' : 'unlisted' }
}

/** State of a timestamp of a known log. A retired log's count up to that day, in both policies. */
function stateOf(
  sct: SignedCertificateTimestamp,
  log: TransparencyLog,
  leaf: Certificate,
  issuer: Certificate | undefined,
): JudgedTimestamp['state'] {
  if (issuer && isForged(sct, log, leaf, issuer)) return 'forged'
  if (log.ends && (leaf.notAfter < log.ends.from || leaf.notAfter >= log.ends.to)) return 'other-interval'
  if (log.state === 'pending' || log.state === 'rejected') return 'not-accepted'
  return log.state === 'retired' && sct.at.getTime() >= log.since ? 'retired' : 'counts'
}

function outcomeOf(good: JudgedTimestamp[], counted: number, needed: number): Outcome {
  if (counted < needed) return 'too-few'
  if (new Set(good.map(({ log }) => log?.operator)).size < 2) return 'one-operator'
  return good.every(({ log }) => log?.state === 'retired') ? 'no-current-log' : 'met'
}
