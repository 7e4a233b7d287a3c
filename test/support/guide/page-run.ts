import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePort } from '../free-port.ts'
import { launcher } from '../processes/cli.ts'
import { type Adaptation, adaptationOf, type PageSetup } from './adaptations.ts'
import { guideCommands, type GuideCommand } from './commands.ts'
import { writeSampleFiles } from './sample-files.ts'

export interface Outcome {
  command: GuideCommand
  /** Absent where the command was not run. */
  status?: number | null
  /** Standard output and error. */
  output: string
  /** Exit status differs from the expected one. */
  failed: boolean
  /** Printed lines that the output lacks, beyond names, numbers and dates. */
  missing: string[]
  skipped?: string
}

/** Runs the commands of a page in their order, in a fresh home below `folder`, with an engine. */
export async function runPage(page: string, setup: PageSetup, folder: string): Promise<Outcome[]> {
  const shell = await shellIn(folder)
  const outcomes: Outcome[] = []
  try {
    writeSampleFiles(folder)
    if (setup.engine !== false) await shell.startEngine()
    for (const text of setup.before ?? []) {
      const { status, output } = await shell.run(text)
      if (status !== 0) throw new Error(`Preparing ${page}: "${text}" ended with ${status}: ${output}`)
    }
    for (const command of guideCommands(page)) outcomes.push(await runOne(shell, command))
  } finally {
    await shell.end()
  }
  return outcomes
}

/** Commands that ended otherwise than the guide promises, each with what they printed. */
export function problemsOf(outcomes: Outcome[]): string[] {
  return outcomes.flatMap(({ command, status, output, failed, missing }) => {
    const at = `line ${command.line}: ${command.text}`
    return [
      ...(failed ? [`${at}\nended with ${status}: ${output}`] : []),
      ...missing.map((line) => `${at}\ndoes not print: ${line}\nbut: ${output}`),
    ]
  })
}

async function runOne(shell: Shell, command: GuideCommand): Promise<Outcome> {
  const adaptation: Partial<Adaptation> = adaptationOf(command) ?? {}
  const skipped = await reasonToSkip(shell, adaptation)
  if (skipped !== undefined) return { command, output: '', failed: false, missing: [], skipped }
  const { instead, input, status: expected = 0, asks, more } = adaptation
  const text = [instead ?? command.text, more, asks ? '--yes' : ''].filter(Boolean).join(' ')
  const { status, output } = await shell.run(text, input)
  const shapes = new Set(output.split('\n').map(shapeOf))
  const missing = command.answer.filter((line) => !shapes.has(shapeOf(line)))
  return { command, status, output, failed: status !== expected, missing }
}

async function reasonToSkip(
  shell: Shell,
  { skip, program }: Partial<Adaptation>,
): Promise<string | undefined> {
  if (program === undefined) return skip
  const { status } = await shell.run(`command -v ${program}`)
  return status === 0 ? undefined : `${program} is not installed`
}

/** Line with its variable parts masked: hex strings, dates, numbers. */
function shapeOf(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{16,}…?/g, '#')
    .replaceAll(
      /\d+ (?:January|February|March|April|May|June|July|August|September|October|November|December) \d+/g,
      '#',
    )
    .replaceAll(/\d+(?:\.\d+)? ?(?:days?|weeks?|months?|years?|k?B)?/g, '#')
    .trimEnd()
}

interface Shell {
  run(text: string, input?: string): Promise<{ status: number | null; output: string }>
  startEngine(): Promise<void>
  end(): Promise<void>
}

/** A shell whose `edgekeep` is this checkout's, with a HOME, a data folder and ports of its own. */
async function shellIn(folder: string): Promise<Shell> {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const program = join(bin, 'edgekeep')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`)
  chmodSync(program, 0o755)
  const ports = { https: await freePort(), http: await freePort() }
  const origin = createServer((_, response) => response.end('<title>Shop</title>'))
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  const ported = await portsInPlaceOf((origin.address() as AddressInfo).port)
  const env = {
    ...process.env,
    HOME: folder,
    EDGEKEEP_HOME: join(folder, 'data'),
    PATH: `${bin}:${process.env['PATH']}`,
  }
  let engine: ChildProcess | undefined
  const run: Shell['run'] = async (text, input = '') => {
    const child = spawn('/bin/sh', ['-c', ported(text)], {
      cwd: folder,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => (output += part))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const { promise, resolve } = Promise.withResolvers<number | null>()
    child.once('close', resolve)
    return { status: await promise, output }
  }
  const startEngine = async () => {
    const args = ['up', '--no-ui', '--https-port', String(ports.https), '--http-port', String(ports.http)]
    engine = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    engine.stdout?.once('data', () => resolve())
    engine.once('close', (status) => reject(new Error(`The engine ended with ${status}`)))
    await promise
  }
  const end = async () => {
    origin.close()
    if (!engine || engine.exitCode !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    engine.once('close', () => resolve())
    engine.kill('SIGTERM')
    await promise
  }
  return { run, startEngine, end }
}

/** Replaces the ports that the guide prints, each always by the same free one; 3000 by the origin's. */
async function portsInPlaceOf(originPort: number): Promise<(text: string) => string> {
  const printed = ['5001', '5002', '8888', '9464', '14000']
  const ports = new Map(
    await Promise.all(printed.map(async (each) => [each, String(await freePort())] as const)),
  )
  return (text) =>
    text
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${originPort}`)
      .replaceAll(/\b(?:500[12]|8888|9464|14000)\b/g, (each) => ports.get(each) ?? each)
}
