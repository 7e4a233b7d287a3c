import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { unprovenPatterns, type Unproven } from './pattern-table.ts'

interface Pattern {
  source: string
  flags: string
  /** Locations, relative to the sources. */
  at: string[]
}
interface Verdict {
  patterns: number
  findings: string[]
}
type Judge = (source: string, flags: string) => string | null

/** Timeout for one pattern. Provable ones take a fraction, but a busy machine is slow. */
const proofMs = 60_000

/** Limit for the sum of repetition bounds in one pattern. Above it, recheck would fuzz and not prove. */
const mostRepeats = 300

/**
 * Checks that every regular expression in the sources under `root` matches in linear time, proven with
 * automata and not only fuzzed, because any of them may meet an attacker's text. Unproven ones are listed in
 * `pattern-table.ts` with a reason.
 */
export function judgePatterns(root: string, table: readonly Unproven[], judge: Judge): Verdict {
  const { patterns, findings } = patternsUnder(root)
  const written = [...patterns.values()]
  const spelled = ({ source, flags }: { source: string; flags: string }) => `/${source}/${flags}`
  const excused = new Set(table.map(({ pattern }) => spelled(pattern)))
  for (const pattern of written) {
    const fault = excused.has(spelled(pattern)) ? null : judge(pattern.source, pattern.flags)
    if (fault !== null) findings.push(`${pattern.at.join(', ')} ${spelled(pattern)} ${fault}`)
  }
  for (const { pattern } of table) {
    if (!patterns.has(spelled(pattern))) findings.push(`${spelled(pattern)} is in the table and nowhere else`)
  }
  return { patterns: written.length, findings }
}

function patternsUnder(root: string): { patterns: Map<string, Pattern>; findings: string[] } {
  const patterns = new Map<string, Pattern>()
  const findings: string[] = []
  for (const file of globSync('**/*.{ts,tsx}', { cwd: root }).sort()) {
    const text = readFileSync(path.join(root, file), 'utf8')
    const place = (start: number) => `${file}:${text.slice(0, start).split('\n').length}`
    const computed = (node: { callee: { type: string; name?: unknown }; start: number }): void => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp')
        findings.push(`${place(node.start)} makes a pattern of a text, which cannot be judged`)
    }
    new Visitor({
      NewExpression: computed,
      CallExpression: computed,
      Literal(node) {
        if (!('regex' in node)) return
        const { pattern: source, flags } = node.regex
        const known = patterns.get(`/${source}/${flags}`) ?? { source, flags, at: [] }
        known.at.push(place(node.start))
        patterns.set(`/${source}/${flags}`, known)
      },
    }).visit(parseSync(file, text).program)
  }
  return { patterns, findings }
}

/**
 * Uses recheck's JavaScript backend: its native programs and its Java archive are not available everywhere.
 */
export async function automataJudge(): Promise<Judge> {
  process.env['RECHECK_BACKEND'] = 'pure'
  process.env['RECHECK_SYNC_BACKEND'] = 'pure'
  const { checkSync } = await import('recheck')
  return (source, flags) => {
    const verdict = checkSync(source, flags, {
      checker: 'automaton',
      timeout: proofMs,
      maxRepeatCount: mostRepeats,
    })
    if (verdict.status === 'safe') return null
    if (verdict.status === 'vulnerable') return `is not linear: ${verdict.complexity.summary}`
    return 'is not proven to be linear: write it simpler, or in code'
  }
}

/** Caches verdicts per version of recheck. */
function remembering(judge: Judge, file: string): { judge: Judge; keep: () => void } {
  const known = new Map<string, string | null>()
  try {
    for (const [key, fault] of JSON.parse(readFileSync(file, 'utf8')) as [string, string | null][])
      known.set(key, fault)
  } catch {
    // Missing or unreadable: all patterns are checked again.
  }
  return {
    judge(source, flags) {
      const key = `/${source}/${flags}`
      const before = known.get(key)
      const fault = before === undefined ? judge(source, flags) : before
      known.set(key, fault)
      return fault
    },
    keep() {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify([...known].filter(([, fault]) => fault === null)))
    },
  }
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync('node_modules/recheck/package.json', 'utf8')) as {
    version: string
  }
  const file = `node_modules/.cache/edgekeep/patterns-${version}.json`
  const { judge, keep } = remembering(await automataJudge(), file)
  const { patterns, findings } = judgePatterns('src', unprovenPatterns, judge)
  keep()
  for (const finding of findings) console.log(`src/${finding}`)
  console.log(`Patterns: ${patterns}, ${findings.length} findings.`)
  if (findings.length > 0 || patterns === 0) process.exitCode = 1
}
