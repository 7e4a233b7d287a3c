import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'

/**
 * Mutation testing: changes one thing at a time in a file and runs its tests. Lists each surviving mutant.
 * `npm run mutants` tries the riskiest files, `npm run mutants -- FILE|FOLDER TESTS...` your own. Exits with
 * 1 if a mutant survives.
 */
export interface Mutant {
  start: number
  end: number
  text: string
}

/** Files that decide about keys, trust and money, with the tests that cover them. */
const riskiest: [file: string, ...tests: string[]][] = [
  ['src/pki/work-budget.ts', 'test/unit/pki/work-budget.test.ts'],
  [
    'src/pki/formats/key-derivation.ts',
    'test/unit/pki/work-budget.test.ts',
    'test/unit/pki/formats/key-derivation.test.ts',
  ],
  [
    'src/pki/formats/forge-rc2.ts',
    'test/unit/pki/formats/forge-rc2.test.ts',
    'test/unit/pki/work-budget.test.ts',
  ],
  ['src/pki/formats/rc4.ts', 'test/unit/pki/formats/old-formats.test.ts'],
  ['src/pki/verify/path-search.ts', 'test/unit/pki/verify/path-search.test.ts'],
  [
    'src/pki/verify/path-steps.ts',
    'test/unit/pki/verify/path-search.test.ts',
    'test/unit/pki/verify/rules.test.ts',
  ],
  ['src/pki/verify/web-profile.ts', 'test/unit/pki/verify/web-profile.test.ts'],
  ['src/pki/verify/policies.ts', 'test/unit/pki/verify/policies.test.ts'],
  ['src/domain/secret-bytes.ts', 'test/unit/domain/secret-bytes.test.ts'],
  [
    'src/engine/vault/seal.ts',
    ...['seal', 'unseal-named', 'with-unsealed'].map((name) => `test/unit/engine/vault/${name}.test.ts`),
  ],
  ['src/engine/vault/derive-key.ts', 'test/unit/engine/vault/derive-key.test.ts'],
  ['src/engine/vault/backup/archive-derivation.ts', 'test/unit/engine/vault/derive-key.test.ts'],
  ['src/engine/vault/sealed-keys.ts', 'test/integration/engine/vault/sealed-keys.test.ts'],
  ['src/engine/vault/reseal.ts', 'test/integration/engine/vault/rotation.test.ts'],
  ...['attempts', 'confirmation-codes'].map((name): [file: string, ...tests: string[]] => [
    `src/engine/custody/${name}.ts`,
    `test/unit/engine/custody/${name}.test.ts`,
  ]),
  ['src/engine/backup/backup-folder.ts', 'test/unit/engine/backup/backup-folder.test.ts'],
  ['src/edge/protocol/address-list.ts', 'test/unit/edge/protocol/address-list.test.ts'],
  ...inWorker('limits', { 'fair-share': ['fair-share'], pace: ['pace'] }),
  ...inWorker('static-files', {
    conditions: ['conditions'],
    'find-file': ['find-file', 'file-path'],
    ranges: ['ranges'],
    'vault-guard': ['vault-guard'],
  }),
  ...inWorker('http', {
    request: ['request'],
    fields: ['fields'],
    headers: ['request', 'connection-login', 'request-fields'],
    'request-fields': ['request-fields'],
    response: ['response', 'response-fields'],
    arrival: ['arrival'],
    'field-lines': ['field-lines'],
    pages: ['pages'],
    'websocket-handshake': ['websocket-handshake'],
  }),
  ...inWorker('observe', { meter: ['meter'] }),
  ...inWorker('origins', {
    destinations: ['destinations'],
    'origin-attempts': ['origin-attempts'],
    'origin-health': ['origin-health'],
    'upstream-failure': ['upstream-failure', 'origin-attempts'],
    'upstream-target': ['upstream-target', 'origin-slot'],
  }),
  ...inWorker('policies', {
    admission: ['admission'],
    'field-rules': ['field-rules'],
    'password-gate': ['password-gate'],
    'password-queue': ['password-queue'],
    redirect: ['routes'],
    'path-prefix': ['path-prefix'],
    routes: ['routes'],
    'route-rules': ['apply-policies', 'hsts', 'path-rules'],
  }),
  ...inWorker('tls', {
    'client-hello': ['client-hello'],
    'on-demand-renewal': ['on-demand-renewal'],
    'shown-challenges': ['shown-challenges'],
  }),
]

/** Files of a folder of the worker, each with its unit tests. */
function inWorker(room: string, covered: Record<string, string[]>): [file: string, ...tests: string[]][] {
  const of = (name: string) => `test/unit/edge/worker/${room}/${name}.test.ts`
  return Object.entries(covered).map(([name, tests]) => [
    `src/edge/worker/${room}/${name}.ts`,
    ...tests.map(of),
  ])
}

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

interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

/** One mutant for each operator, condition, number and boolean of `code`. */
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

/** A mutant that never ends counts as killed; its process group is terminated. */
const timeoutMs = 60_000

/** Runs the tests repeatedly in one process, since starting it takes longer than most of them. */
class TestRun {
  #process: ChildProcess | null = null
  readonly #arguments: string[]

  constructor(file: string, tests: string[]) {
    this.#arguments = [path.resolve(file), ...tests]
  }

  /** Whether the tests pass with the mutation, or without one for null. */
  async passes(mutant: Mutant | null): Promise<boolean> {
    const running = (this.#process ??= await this.#start())
    const timer = setTimeout(() => this.close(), timeoutMs)
    const answer = new Promise<boolean>((resolve) => {
      const settle = (has: boolean) => {
        running.off('message', settle).off('exit', fail)
        resolve(has)
      }
      const fail = () => settle(false)
      running.on('message', settle).on('exit', fail)
      running.send({ mutant })
    })
    return answer.finally(() => clearTimeout(timer))
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(path.resolve('scripts/mutant-tests.ts'), this.#arguments, {
      stdio: 'ignore',
      // A group of its own: a worker in an endless loop would outlive the process that started it.
      detached: true,
    })
    child.once('exit', () => (this.#process = null))
    await once(child, 'message')
    return child
  }

  close(): void {
    const { pid } = this.#process ?? {}
    this.#process = null
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  }
}

async function tryAll(file: string, tests: string[]): Promise<number> {
  const code = readFileSync(file, 'utf8')
  const run = new TestRun(file, tests)
  const mutants = mutantsOf(file, code)
  let living = 0
  try {
    if (!(await run.passes(null))) throw new Error(`The tests of ${file} fail without a mutation.`)
    for (const mutant of mutants) {
      if (!(await run.passes(mutant))) continue
      living += 1
      const before = code.slice(0, mutant.start).split('\n')
      const place = `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
      console.log(`lives: ${place}: ${code.slice(mutant.start, mutant.end)} → ${mutant.text}`)
    }
  } finally {
    run.close()
  }
  console.log(`${file}: ${mutants.length - living} of ${mutants.length} mutants noticed`)
  return living
}

function filesIn(place: string): string[] {
  if (statSync(place).isFile()) return [place]
  return readdirSync(place)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(place, name))
}

if (import.meta.main) {
  const [place, ...tests] = process.argv.slice(2)
  const wanted = place ? filesIn(place).map((file): [string, ...string[]] => [file, ...tests]) : riskiest
  let living = 0
  for (const [file, ...held] of wanted) living += await tryAll(file, held)
  process.exitCode = living > 0 ? 1 : 0
}
