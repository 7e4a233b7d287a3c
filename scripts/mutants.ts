import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'

/**
 * Changes one thing at a time in a file and runs the tests that are to notice; what lives is listed.
 * `npm run mutants` tries the riskiest files, `npm run mutants -- FILE TESTS...` one of your own.
 * Ends with 1 where a mutant lives.
 */
export interface Mutant {
  start: number
  end: number
  text: string
}

/** What decides about keys, trust and money, with the tests that hold it. */
const riskiest: [file: string, tests: string][] = [
  ['src/engine/pki/work-budget.ts', 'test/unit/pki/work-budget.test.ts'],
  ['src/engine/edge/worker/observe/meter.ts', 'test/unit/edge/worker/observe'],
  ['src/engine/pki/verify/web-profile.ts', 'test/unit/pki/verify/web-profile.test.ts'],
  ['src/engine/pki/verify/policies.ts', 'test/unit/pki/verify/policies.test.ts'],
  ['src/engine/pki/formats/rc4.ts', 'test/unit/pki/formats/old-formats.test.ts'],
  ['src/engine/vault/seal.ts', 'test/unit/vault/seal.test.ts'],
  ['src/engine/vault/sealed-keys.ts', 'test/integration/vault/sealed-keys.test.ts'],
  ['src/engine/vault/reseal.ts', 'test/integration/vault/rotation.test.ts'],
  ['src/engine/edge/worker/rules/routes.ts', 'test/unit/edge/worker/rules/routes.test.ts'],
  ['src/engine/edge/worker/rules/redirect.ts', 'test/unit/edge/worker/rules/routes.test.ts'],
]

const swapped: ReadonlyMap<string, string> = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['&', '|'],
  ['^', '|'],
])

/** A node of the tree, as far as it is read here. */
interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

/** One mutant for each operator, condition, number and truth value of `code`. */
export function mutantsOf(file: string, code: string): Mutant[] {
  const found: Mutant[] = []
  const visit = (node: Node) => {
    if (node.type.startsWith('TS') && !('expression' in node)) return
    found.push(...mutantsAt(node, code))
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
        if (isNode(child)) visit(child)
  }
  visit(parseSync(file, code).program as unknown as Node)
  return found
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function mutantsAt(node: Node, code: string): Mutant[] {
  const { start, end, type } = node
  const text = code.slice(start, end)
  if (type === 'Literal' && typeof node['value'] === 'number')
    return [{ start, end, text: `(${text} * 100 + 1)` }]
  if (type === 'Literal' && typeof node['value'] === 'boolean')
    return [{ start, end, text: String(!node['value']) }]
  if (type === 'IfStatement' || type === 'ConditionalExpression') {
    const test = node['test'] as Node
    return [true, false].map((value) => ({ start: test.start, end: test.end, text: String(value) }))
  }
  if (type !== 'BinaryExpression' && type !== 'LogicalExpression') return []
  const [left, right] = [node['left'] as Node, node['right'] as Node]
  const operator = node['operator'] as string
  const other = swapped.get(operator)
  if (other === undefined) return []
  const at = code.indexOf(operator, left.end)
  return at < 0 || at > right.start ? [] : [{ start: at, end: at + operator.length, text: other }]
}

function lives(file: string, mutant: Mutant | null, tests: string[]): boolean {
  const environment = mutant
    ? { EDGEKEEP_MUTANT: JSON.stringify({ ...mutant, file: path.resolve(file) }) }
    : {}
  const vitest = ['vitest', 'run', '-c', 'scripts/mutants.config.ts', '--reporter=dot', ...tests]
  return spawnSync('npx', vitest, { env: { ...process.env, ...environment }, timeout: 120_000 }).status === 0
}

function tryAll(file: string, tests: string[]): number {
  const code = readFileSync(file, 'utf8')
  if (!lives(file, null, tests)) throw new Error(`The tests of ${file} fail without a mutation.`)
  const mutants = mutantsOf(file, code)
  const living = mutants.filter((mutant) => lives(file, mutant, tests))
  for (const { start, end, text } of living) {
    const line = code.slice(0, start).split('\n').length
    console.log(`lives: ${file}:${line}: ${code.slice(start, end)} → ${text}`)
  }
  console.log(`${file}: ${mutants.length - living.length} of ${mutants.length} mutants noticed`)
  return living.length
}

if (import.meta.main) {
  const [file, ...tests] = process.argv.slice(2)
  const wanted: [string, string[]][] = file ? [[file, tests]] : riskiest.map(([one, test]) => [one, [test]])
  const living = wanted.reduce((sum, [one, held]) => sum + tryAll(one, held), 0)
  process.exitCode = living > 0 ? 1 : 0
}
