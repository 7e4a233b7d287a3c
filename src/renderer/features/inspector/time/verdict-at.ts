import type { ClientTimeline, Timeline } from '../../../../contract/inspect/timeline.ts'

/** Verdict of `client` at time `at` (milliseconds) with its path. */
export function verdictAt({ stages }: ClientTimeline, at: number) {
  const stage = stages.find(({ from, until }) => Date.parse(from) <= at && at <= Date.parse(until))
  return { ok: stage !== undefined, stage: stage ?? null }
}

/** Range of the slider: from the chosen time until shortly after the last client rejects the certificate. */
export function span({ at, clients }: Timeline): { from: number; until: number } {
  const from = Date.parse(at)
  const ends = clients.flatMap(({ stages }) => stages.map(({ until }) => Date.parse(until)))
  const last = Math.max(from + 30 * dayMs, ...ends)
  return { from, until: last + Math.max(14 * dayMs, (last - from) / 6) }
}

export const dayMs = 24 * 60 * 60 * 1000
