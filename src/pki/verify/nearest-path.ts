import type { Breach, BreachCode } from './breach.ts'
import { keyIdentifierFit } from './issuer-pool.ts'
import type { Certificate } from '../x509/certificate.ts'
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
import { freshBudget, withPart, type Budget } from './question.ts'
import { isSignedWithin } from '../x509/signatures.ts'

/**
 * Finds the path with the least severe breaches, with every rule it breaks, to explain a failure of
 * `findPath`. It has a budget of its own, because it does not leave a branch early.
 */
export function nearestPath(search: PathSearch, whole: Budget): CandidatePath {
  const most = { ...freshBudget(), steps: 300, candidates: 10_000, signatures: 60 }
  return withPart(whole, most, (budget) =>
    nearestWithin({ ...search, question: { ...search.question, budget } }),
  )
}

function nearestWithin(bounded: PathSearch): CandidatePath {
  const { budget } = bounded.question
  let nearest: CandidatePath | undefined
  let least = Number.POSITIVE_INFINITY
  const finish = (path: CandidatePath, breaches: Breach[]): void => {
    const whole = { ...path, breaches: [...path.breaches, ...breaches] }
    const cost = costOf(whole)
    if (cost < least) [nearest, least] = [whole, cost]
  }
  const climb = (path: CandidatePath): void => {
    if (costOf(path) >= least) return
    if (path.trustedBy) return finish(path, [...bounded.wholePathBreaches(path)])
    let isDeadEnd = true
    for (const next of continuations(bounded, path)) {
      if (!isPlausible(budget, next)) continue
      isDeadEnd = false
      if ((budget.steps -= 1) < 0) break
      climb({ ...next, breaches: [...next.breaches, ...stepBreaches(bounded, next)] })
    }
    if (isDeadEnd) finish(path, [isSpent(budget) ? exhausted(path) : bounded.deadEnd(path)])
  }
  const start = startOf(bounded)
  climb({ ...start, breaches: [...leafBreaches(bounded, start)] })
  return nearest ?? { ...start, breaches: [exhausted(start)] }
}

/** Costs of a failure: a wrong signature explains least, an unknown issuer less than a broken rule. */
const costs: Partial<Record<BreachCode, number>> = {
  bad_signature: 100,
  self_signed: 40,
  unknown_authority: 40,
  missing_intermediate: 40,
  search_exhausted: 40,
}
const usualCost = 10

function costOf({ breaches, certificates }: CandidatePath): number {
  const total = breaches.reduce((sum, { code }) => sum + (costs[code] ?? usualCost), 0)
  // The longer of two dead ends is more informative.
  return total - certificates.length / 100
}

/**
 * Excludes another CA of the same name: the issuer signed the certificate, or the key identifiers do not rule
 * it out.
 */
function isPlausible(budget: Budget, { certificates }: CandidatePath): boolean {
  const [child, issuer] = certificates.slice(-2) as [Certificate, Certificate]
  if (keyIdentifierFit(issuer, child) >= 0) return true
  return isSignedWithin(budget, child, issuer) === true
}
