import type { Target } from '../contract/targets/targets.ts'

/** Sentences about a target whose last renewal was not complete; null for none. */
export function incompleteRenewal({ name, renewal }: Pick<Target, 'name' | 'renewal'>): string | null {
  if (!renewal?.lastAttempt) return null
  const { lastAttempt, notBefore } = renewal
  const next = notBefore === null ? '' : ` The next attempt is at ${notBefore}.`
  return `The last renewal of ${name} was not complete. ${lastAttempt.summary}${next}`
}
