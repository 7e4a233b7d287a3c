import type { Breach, BreachCode } from './breach.ts'
import { keyIdentifierFit } from './issuer-pool.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import {
  continuations,
  exhausted,
  leafBreaches,
  startOf,
  stepBreaches,
  type CandidatePath,
  type PathSearch,
} from './path-steps.ts'
import { freshBudget } from './question.ts'
import { isSignedBy } from './signatures.ts'

/**
 * The path that comes nearest to holding, with every rule it breaks: what a person should be told when
 * `findPath` finds none. Bounded on its own, as it does not leave a branch early.
 */
export function nearestPath(search: PathSearch): CandidatePath {
  const bounded = {
    ...search,
    question: { ...search.question, budget: { ...freshBudget(), steps: 300, signatures: 60 } },
  }
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
    const candidates = continuations(bounded, path).filter((next) => isPlausible(bounded, next))
    if (candidates.length === 0) finish(path, [bounded.deadEnd(path)])
    for (const next of candidates) {
      if ((bounded.question.budget.steps -= 1) < 0) break
      climb({ ...next, breaches: [...next.breaches, ...stepBreaches(bounded, next)] })
    }
  }
  const start = startOf(bounded)
  climb({ ...start, breaches: [...leafBreaches(bounded, start)] })
  return nearest ?? { ...start, breaches: [exhausted(start)] }
}

/** What a breach counts: a forged signature explains less than all else, an unknown issuer less than a rule. */
const costs: Partial<Record<BreachCode, number>> = {
  bad_signature: 100,
  self_signed: 40,
  unknown_authority: 40,
  missing_intermediate: 40,
}
const usualCost = 10

function costOf({ breaches, certificates }: CandidatePath): number {
  const total = breaches.reduce((sum, { code }) => sum + (costs[code] ?? usualCost), 0)
  // Of two dead ends the longer one says more.
  return total - certificates.length / 100
}

/** Not just another authority of the same name: it has signed the certificate, or nothing says that it has not meant to. */
function isPlausible({ question: { budget } }: PathSearch, { certificates }: CandidatePath): boolean {
  const [child, issuer] = certificates.slice(-2) as [ParsedCertificate, ParsedCertificate]
  if (keyIdentifierFit(issuer, child) >= 0) return true
  return (budget.signatures -= 1) >= 0 && isSignedBy(child, issuer)
}
