import type { Breach } from './breach.ts'
import {
  continuations,
  exhausted,
  leafBreaches,
  startOf,
  stepBreaches,
  type CandidatePath,
  type PathSearch,
} from './path-steps.ts'

export interface SearchResult {
  found: CandidatePath | undefined
  failed: CandidatePath[]
}

const failuresKept = 32

/**
 * Walks from the leaf upwards, depth first, and leaves a branch at the first rule it breaks: each rule
 * but those for whole paths concerns a certificate and what lies below it, so a branch that broke one
 * can never hold.
 */
export function findPath(search: PathSearch): SearchResult {
  const failed: CandidatePath[] = []
  const fail = (path: CandidatePath, breach: Breach): undefined => {
    if (failed.length < failuresKept) failed.push({ ...path, breaches: [breach] })
  }
  const climb = (path: CandidatePath): CandidatePath | undefined => {
    const [first] = path.trustedBy ? search.wholePathBreaches(path) : []
    if (path.trustedBy) return first ? fail(path, first) : path
    const candidates = continuations(search, path)
    if (candidates.length === 0) return fail(path, search.deadEnd(path))
    for (const next of candidates) {
      if ((search.question.budget.steps -= 1) < 0) return fail(path, exhausted(path))
      const [broken] = stepBreaches(search, next)
      const held = broken ? fail(next, broken) : climb(next)
      if (held) return held
    }
    return undefined
  }
  const start = startOf(search)
  const [broken] = leafBreaches(search, start)
  const found = broken ? fail(start, broken) : climb(start)
  return { found, failed }
}
