import type { Breach } from './breach.ts'
import {
  continuations,
  exhausted,
  isSpent,
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

const maxFailures = 32

/**
 * Searches from the leaf upwards, depth first, and leaves a branch at the first broken rule: each rule except
 * those for whole paths concerns a certificate and those below it, so a broken branch can never become valid.
 */
export function findPath(search: PathSearch): SearchResult {
  const failed: CandidatePath[] = []
  const { budget } = search.question
  const fail = (path: CandidatePath, breach: (path: CandidatePath) => Breach): undefined => {
    if (failed.length < maxFailures) failed.push({ ...path, breaches: [breach(path)] })
  }
  const climb = (path: CandidatePath): CandidatePath | undefined => {
    if (path.trustedBy) {
      const [first] = search.wholePathBreaches(path)
      return first ? fail(path, () => first) : path
    }
    let isDeadEnd = true
    for (const next of continuations(search, path)) {
      isDeadEnd = false
      if ((budget.steps -= 1) < 0) return fail(path, exhausted)
      const [broken] = stepBreaches(search, next)
      const result = broken ? fail(next, () => broken) : climb(next)
      if (result) return result
    }
    if (budget.candidates < 0) return fail(path, exhausted)
    return isDeadEnd ? fail(path, search.deadEnd) : undefined
  }
  const start = startOf(search)
  const [broken] = leafBreaches(search, start)
  const found = broken ? fail(start, () => broken) : climb(start)
  // Reported even after more failures than the result keeps.
  if (!found && isSpent(budget)) failed.splice(maxFailures - 1, 1, { ...start, breaches: [exhausted(start)] })
  return { found, failed }
}
