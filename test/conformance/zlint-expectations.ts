import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LintFinding } from '../../src/contract/inspect/lint.ts'
import { zlintNames } from './zlint-names.ts'

/** Result that a test of zlint expects of one lint for one file. */
interface Expectation {
  lint: string
  file: string
  result: string
}

/** Expectations of zlint's own tests below `folder`, its directory of lints; read from their Go source. */
export function readExpectations(folder: string): Expectation[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('_test.go'))
    .flatMap((name) => expectationsIn(readFileSync(join(folder, name), 'utf8')))
}

function expectationsIn(source: string): Expectation[] {
  return source.split(/^func Test/m).flatMap((body) => {
    const [lint] = /"[ewn]_[\w-]+"/.exec(body) ?? []
    const files = [...body.matchAll(/"([^"\n]+\.pem)"/g)].map(([, file = '']) => file)
    const results = [...body.matchAll(/\blint\.(Pass|NE|Notice|Warn|Error|Fatal|NA)\b/g)]
    if (!lint || files.length !== results.length) return []
    return files.map((file, at) => ({ lint: lint.slice(1, -1), file, result: results[at]?.[1] ?? '' }))
  })
}

type Outcome = 'hit' | 'silence' | 'miss' | 'extra'
export type Judged = Record<Outcome, string[]>

interface Verdicts {
  /** Findings of Edgekeep; undefined where the file cannot be read. */
  ours(file: string): LintFinding[] | undefined
  /** Failed lints by the zlint that is installed. */
  theirs(file: string): Set<string>
}

/**
 * Holds our findings against the expectations for the lints of the table. A finding where a test expects
 * none is extra only if zlint itself fails none of the lints that share our rule.
 */
export function judgeExpectations(expectations: Expectation[], { ours, theirs }: Verdicts): Judged {
  const judged: Judged = { hit: [], silence: [], miss: [], extra: [] }
  for (const { lint, file, result } of expectations) {
    const shared = Object.entries(zlintNames).filter(([, names]) => names.includes(lint))
    const findings = ours(file)
    if (shared.length === 0 || !findings || result === 'NA') continue
    const rules = shared.flatMap(([rule]) => rule.split('|'))
    const found = findings.filter(({ rule }) => rules.includes(rule))
    const excused = Object.entries(zlintNames).some(
      ([each, names]) =>
        found.some(({ rule }) => each.split('|').includes(rule)) &&
        names.some((name) => theirs(file).has(name)),
    )
    const fails = result !== 'Pass' && result !== 'NE'
    const outcome =
      found.length > 0 ? (fails ? 'hit' : excused ? undefined : 'extra') : fails ? 'miss' : 'silence'
    if (outcome) judged[outcome].push(`${file} ${lint} ${result}: ${rules.join('|')}`)
  }
  return judged
}
