import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

/** One command of a check or a build, run by name from `node_modules/.bin`. */
export interface Step {
  name: string
  command: string
}

export interface Outcome {
  step: Step
  ok: boolean
  output: string
  tookMs: number
}

export const checks: Step[] = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'lint', command: 'oxlint' },
  { name: 'boundaries', command: 'node scripts/boundaries.ts' },
  { name: 'foreign keys', command: 'node scripts/foreign-keys.ts' },
  { name: 'language', command: 'node scripts/language.ts' },
  { name: 'patterns', command: 'node scripts/patterns.ts' },
  { name: 'unused', command: 'knip --no-progress' },
  { name: 'types', command: 'tsc -p tsconfig.json --singleThreaded' },
  { name: 'types of the window', command: 'tsc -p tsconfig.web.json --singleThreaded' },
]

export const build: Step = { name: 'build', command: 'node scripts/setup.mjs' }

/** Runs all steps, `atOnce` in parallel, and reports the result of each; of a failed one its output. */
export async function runSteps(
  steps: Step[],
  atOnce: number,
  say: (line: string) => unknown = console.log,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = [...steps]
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await runStep(step)
      outcomes.push(outcome)
      report(outcome, say)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return outcomes
}

/** One thread per step: with parallel steps, multithreaded type checkers cost half as much again. */
const stepEnvironment = { ...process.env, GOMAXPROCS: '1' }

function runStep(step: Step): Promise<Outcome> {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(step.command, {
      shell: true,
      env: stepEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = outputOf(child)
    child.on('close', (code) => {
      resolve({ step, ok: code === 0, output: output(), tookMs: performance.now() - started })
    })
  })
}

export function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): () => string {
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

function report({ step, ok, output, tookMs }: Outcome, say: (line: string) => unknown): void {
  say(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${(tookMs / 1000).toFixed(1)} s)`)
  if (!ok) say(`${output.trimEnd()}\n(${step.command})\n`)
}
