import { suffixKind } from '../contract/text/public-suffix.ts'
import { isLocalSuffix } from './authority-scope.ts'

/** Private by long use: RFC 6762, appendix G. */
const privateTopLevel = new Set(['intranet', 'private', 'corp', 'home', 'lan'])

/**
 * Returns the reason why `suffix` (in normal form: A-labels, lower case, no trailing dot) cannot be a name
 * constraint, or undefined.
 */
export function suffixProblem(suffix: string): string | undefined {
  if (suffix.startsWith('*.')) return 'leave out the "*.": a suffix covers all that is below it'
  if (privateTopLevel.has(suffix) || isLocalSuffix(suffix)) return undefined
  if (!suffix.includes('.'))
    return `"${suffix}" is a whole top-level domain of the public internet, and whoever stole the authority could impersonate every site under it; name the domain itself`
  if (suffixKind(suffix) === null) return undefined
  return `"${suffix}" is a public suffix, under which the sites of others are, and whoever stole the authority could impersonate them all; name the domain itself`
}
