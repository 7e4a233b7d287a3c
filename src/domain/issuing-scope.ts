import { EdgekeepError } from '../contract/errors/registry.ts'
import { readableName } from '../contract/text/readable-name.ts'
import { isUnder, localSuffixes, mostSuffixes } from './authority-scope.ts'
import { suffixProblem } from './suffix-problem.ts'

/** Suffixes that the local authority issues for: before there is one, and after one without limits, the usual ones. */
export function issuingSuffixes(authority: { suffixes: readonly string[] | null } | null): readonly string[] {
  return authority?.suffixes ?? localSuffixes
}

/** Refusal of the local authority for the first of `names` (A-labels) under none of `suffixes`. */
export function outsideScope(
  names: readonly string[],
  suffixes: readonly string[],
): EdgekeepError<'authority.name_outside'> | undefined {
  const name = names.find((each) => !suffixes.some((suffix) => isUnder(each, suffix)))
  if (name === undefined) return undefined
  const isFull = suffixes.length >= mostSuffixes
  const refusal = isFull ? `it has ${mostSuffixes} already` : suffixProblem(name.replace(/^\*\./, ''))
  return new EdgekeepError('authority.name_outside', { name, suffixes: [...suffixes], refusal })
}

/** Command that turns HTTPS on for a domain without a certificate; free where the local authority may issue. */
export function httpsCommand(name: string, suffixes: readonly string[]): string {
  const shown = name.startsWith('*.') ? `'${readableName(name)}'` : readableName(name)
  return `edgekeep https on ${shown} ${outsideScope([name], suffixes) ? '--upload CERTIFICATE KEY' : '--free'}`
}
