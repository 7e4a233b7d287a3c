import type Database from 'better-sqlite3'
import type { UsageStep } from '../../contract/usage/usage.ts'
import { addCounts, countNames, noCounts, type DomainUsage } from '../../edge/protocol/counts.ts'
import { addLatency, type Latency } from '../../edge/protocol/latency.ts'
import { openUsageDatabase, readUsageDatabase } from './database.ts'
import { retentionMs, stepStart } from './steps.ts'

export interface UsageRow extends DomainUsage {
  at: Date
}

const steps: UsageStep[] = ['minute', 'hour', 'day']

/** Stored usage. Each addition counts in every step, with the retention of that step. */
export type UsageStore = ReturnType<typeof openUsageStore>

export function openUsageStore(options: {
  folder: string
  clock: () => Date
  /** Called when an unreadable database was renamed. */
  onSetAside: (name: string, reason: unknown) => void
  /** `folder` is not writable: a copy in memory is read. */
  readOnly?: boolean
}) {
  const { clock } = options
  const sqlite = options.readOnly
    ? readUsageDatabase(options.folder)
    : openUsageDatabase(options.folder, options.onSetAside)
  const { find, put, range, rangeOf, drop } = statementsOf(sqlite)
  const pending = new Map<string, UsageRow>()

  /** Adds to the current steps; written with the next `flush`. */
  function add(usage: DomainUsage): void {
    const at = stepStart('minute', clock())
    const key = `${at.getTime()} ${usage.domain}`
    const row = pending.get(key) ?? { at, domain: usage.domain, counts: noCounts(), latency: new Map() }
    pending.set(key, row)
    addTo(row, usage)
  }

  const write = sqlite.transaction((rows: UsageRow[]) => {
    for (const row of rows) for (const step of steps) writeInto(step, row)
  })

  function writeInto(step: UsageStep, { at, domain, counts, latency }: UsageRow): void {
    const start = secondsOf(stepStart(step, at))
    const sum = { counts: [...counts], latency: new Map(latency) }
    const before = find.get(step, start, domain)
    if (before) addTo(sum, usageIn(before))
    put.run(step, start, domain, ...sum.counts, JSON.stringify([...sum.latency]))
  }

  /** Rows of a step that begin in `from` … `to` (exclusive), by time; all domains, or one. */
  function rows(step: UsageStep, from: Date, to: Date, domain?: string): UsageRow[] {
    const bounds = [step, secondsOf(from), secondsOf(to)] as const
    const found = domain === undefined ? range.all(...bounds) : rangeOf.all(...bounds, domain)
    return found.map((row) => ({ at: new Date(row.at * 1000), domain: row.domain, ...usageIn(row) }))
  }

  return {
    add,
    /**
     * Writes the pending counts, all or nothing.
     * @throws SQLite's error; the counts stay pending
     */
    flush() {
      if (pending.size === 0) return
      write.immediate([...pending.values()])
      pending.clear()
    },
    rows,
    /** Deletes rows past the retention of their step. */
    prune(now: Date) {
      for (const step of steps) drop.run(step, secondsOf(now) - retentionMs[step] / 1000)
    },
    close: () => sqlite.close(),
  }
}

export function addTo(sum: Omit<DomainUsage, 'domain'>, more: Omit<DomainUsage, 'domain'>): void {
  addCounts(sum.counts, more.counts)
  addLatency(sum.latency, more.latency)
}

type StoredRow = { at: number; domain: string; latency: string } & Record<string, number | string>

function statementsOf(sqlite: Database.Database) {
  const all = ['step', 'at', 'domain', ...columns, 'latency']
  const select = `SELECT at, domain, ${columns.join(', ')}, latency FROM usage`
  return {
    find: sqlite.prepare<unknown[], StoredRow>(`${select} WHERE step = ? AND at = ? AND domain = ?`),
    put: sqlite.prepare(
      `INSERT OR REPLACE INTO usage (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`,
    ),
    range: sqlite.prepare<unknown[], StoredRow>(
      `${select} WHERE step = ? AND at >= ? AND at < ? ORDER BY at, domain`,
    ),
    rangeOf: sqlite.prepare<unknown[], StoredRow>(
      `${select} WHERE step = ? AND at >= ? AND at < ? AND domain = ? ORDER BY at`,
    ),
    drop: sqlite.prepare('DELETE FROM usage WHERE step = ? AND at < ?'),
  }
}

/** `bytesIn` is `bytes_in`. */
const columns = countNames.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

function usageIn(row: StoredRow): { counts: number[]; latency: Latency } {
  return {
    counts: columns.map((name) => Number(row[name])),
    latency: new Map(JSON.parse(row.latency) as [number, number][]),
  }
}

function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
