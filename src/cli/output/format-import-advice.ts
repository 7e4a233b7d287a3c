import { count, formatNumber } from '../../contract/text/count.ts'
import type { ImportAdvice } from '../../domain/import-advice.ts'
import { timeLeft } from './format.ts'

/** Longer commands name the rule instead of every name. */
const mostNames = 60

/** Lines with the commands that come next after an import. */
export function formatImportAdvice(advice: ImportAdvice): string[] {
  const { covering, domains, unserved, names, successors } = advice
  return [
    ...(covering > 0 ? [`${formatCovering(covering)}${useThem(domains)}`] : []),
    ...(unserved > 0
      ? [
          `${formatNumber(unserved)} ${unserved === 1 ? 'covers' : 'cover'} names that you do not serve.${create(names)}`,
        ]
      : []),
    ...successors.map(
      ({ old, next }) =>
        `"${next.name}" covers all that "${old.name}" covers (${timeLeft(old)}, used by ${count(old.usedBy.length, 'domain')}). To use it: edgekeep cert replace ${shortOf(old)} --with ${shortOf(next)}`,
    ),
  ]
}

function formatCovering(covering: number): string {
  return covering === 1
    ? '1 covers domains that you have.'
    : `${formatNumber(covering)} cover domains that you have.`
}

function useThem(domains: readonly string[]): string {
  if (domains.length === 0) return ''
  const listed = domains.length > mostNames ? '--all --dry-run' : domains.map(quotedName).join(' ')
  return ` HTTPS is off on ${formatNumber(domains.length)}. To turn it on with them: edgekeep https on ${listed}`
}

function create(all: readonly string[]): string {
  const names = all.filter(isPlain)
  if (names.length === 0) return ''
  const listed = names.length > mostNames ? '--file FILE' : names.map(quotedName).join(' ')
  return ` To create domains: edgekeep domain add ${listed} --origin ORIGIN`
}

/** Start of its fingerprint: a name is foreign text, which a shell could take as more commands. */
function shortOf({ fingerprintSha256 }: { fingerprintSha256: string }): string {
  return fingerprintSha256.slice(0, 16)
}

/** A shell would expand a wildcard. */
export function quotedName(name: string): string {
  return name.startsWith('*.') ? `'${name}'` : name
}

/** Names that can be a domain; a certificate may have any text as one. */
function isPlain(name: string): boolean {
  return /^(?:\*\.)?[a-z0-9.-]+$/.test(name)
}
