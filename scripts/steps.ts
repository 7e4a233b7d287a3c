import { spawn } from 'node:child_process'

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
  { name: 'format', command: 'prettier --check --log-level warn .' },
  { name: 'lint', command: 'oxlint' },
  { name: 'boundaries', command: 'node scripts/boundaries.ts' },
  { name: 'foreign keys', command: 'node scripts/foreign-keys.ts' },
  { name: 'patterns', command: 'node scripts/patterns.ts' },
  { name: 'unused', command: 'knip --no-progress' },
  { name: 'types', command: 'tsc -p tsconfig.json' },
  { name: 'types of the window', command: 'tsc -p tsconfig.web.json' },
]

export const build: Step = { name: 'build', command: 'node scripts/setup.mjs' }

/** Runs all steps, `atOnce` side by side, and prints each as it ends; a failed one with its output. */
export async function runSteps(steps: Step[], atOnce: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = [...steps]
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await runStep(step)
      outcomes.push(outcome)
      report(outcome)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return outcomes
}

function runStep(step: Step): Promise<Outcome> {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(step.command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('close', (code) => {
      const output = Buffer.concat(chunks).toString('utf8')
      resolve({ step, ok: code === 0, output, tookMs: performance.now() - started })
    })
  })
}

function report({ step, ok, output, tookMs }: Outcome): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${(tookMs / 1000).toFixed(1)} s)`)
  if (!ok) console.log(`${output.trimEnd()}\n(${step.command})\n`)
}
