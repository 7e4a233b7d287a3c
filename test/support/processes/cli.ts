import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { nodeOf } from '../../../bin/pinned-node.mjs'
import type { Readable } from 'node:stream'
import { environmentForChildren, privateProcess } from '../../../bin/private-process.mjs'
import { hostedCommand } from './hosted-commands.ts'
import { provoked } from '../provoked-codes.ts'

const repository = join(import.meta.dirname, '../../..')
export const launcher = join(repository, 'bin', 'edgekeep.mjs')

export interface Ran {
  status: number | null
  out: string
  err: string
  /** Standard output as the one JSON object that `--json` promises. */
  json(): Answer
}

export interface Answer {
  ok: boolean
  error?: { code: string; message: string }
  [field: string]: unknown
}

/** The launcher has run in this process: it builds outdated sources. */
let isLaunched = false

/**
 * Command line of a run: the first goes through the launcher, later ones start what it would start, which is
 * faster.
 */
function commandLine(words: string[]): [program: string, args: string[], env: NodeJS.ProcessEnv] {
  const node = isLaunched ? nodeOf(repository) : null
  isLaunched = true
  if (node === null) return [process.execPath, [launcher, ...words], process.env]
  // Shared compile cache: the tests run a thousand commands.
  const env = {
    ...environmentForChildren(),
    NODE_COMPILE_CACHE: join(repository, 'node_modules/.cache/commands'),
  }
  return [...privateProcess(node, [join(repository, 'out/node/cli.js'), ...words]), env]
}

/**
 * Runs a command line in `home`, as a person types it. Unless it reads a whole file from standard input, it
 * shares a process with other commands; `edgekeepProcess` gives each its own. `more` is added to its environment.
 */
export async function edgekeep(
  home: string,
  args: string[],
  input = '',
  cwd = home,
  more: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const node = isLaunched && !args.includes('-') ? nodeOf(repository) : null
  const hosted = node && (await hostedCommand(node, { cwd, words: ['--home', home, ...args], input }, more))
  return hosted ? heard(args, hosted) : edgekeepProcess(home, args, input, more, cwd)
}

/** Runs a command in a process of its own. Late input is a stream; `more` is added to its environment. */
export async function edgekeepProcess(
  home: string,
  args: string[],
  input: string | Readable = '',
  more: NodeJS.ProcessEnv = {},
  cwd = home,
): Promise<Ran> {
  const [program, words, env] = commandLine(['--home', home, ...args])
  const child = spawn(program, words, {
    cwd,
    env: { ...env, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  // A command that reads no input may exit before it is written.
  child.stdin.on('error', () => undefined)
  if (typeof input === 'string') child.stdin.end(input)
  else input.pipe(child.stdin)
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  return heard(args, { status: await promise, out, err })
}

function heard(args: string[], said: Omit<Ran, 'json'>): Ran {
  const json = () => JSON.parse(said.out) as Answer
  // Rows of an act on many come before it.
  const last = said.out.trimEnd().split('\n').at(-1) ?? ''
  if (args.includes('--json') && last.startsWith('{"ok":false'))
    provoked((JSON.parse(last) as Answer).error?.code ?? '')
  return { ...said, json }
}

/**
 * Makes a home below `folder` with the domain `shop.test` and a vault under a key file: on macOS and Windows
 * a new vault is in the keychain, where a test leaves nothing. On Linux tests cannot reach it
 * (`vitest.config.ts`).
 */
export async function homeWithKeyFile(folder: string): Promise<string> {
  const home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(home, ['vault', 'protect', 'key-file'])
  return home
}

/** Runs a command until it has printed `ready`, ends it by `signal`, and returns its exit status. */
export async function endedBy(
  home: string,
  args: string[],
  { ready, signal }: { ready: RegExp; signal: NodeJS.Signals },
): Promise<number | null> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env
  const child = spawn(process.execPath, [launcher, '--home', home, ...args], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  let said = ''
  const isReady = new Promise<void>((resolve, reject) => {
    const hear = (text: string) => {
      said += text
      if (ready.test(said)) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    void closed.then((status) => reject(new Error(`${args.join(' ')} ended with ${status}: ${said}`)))
  })
  await isReady
  child.kill(signal)
  return closed
}

export interface RunningEdgekeep {
  pid: number
  httpsPort: number
  httpPort: number
  ui: string | null
  /** Standard error so far. */
  messages(): string
  /** Exit status, by itself or after an interrupt. */
  ended: Promise<number | null>
  /** Ctrl-C, then its exit status. */
  interrupt(): Promise<number | null>
  kill(): void
}

/** `edgekeep up --json …` in the network of `entrance`, until its ready line. */
export async function startEdgekeep(
  home: string,
  args: string[],
  more: NodeJS.ProcessEnv = {},
  entrance: string[] = [],
): Promise<RunningEdgekeep> {
  const words = [...entrance, process.execPath, launcher, '--home', home, 'up', '--json', ...args]
  const [program = '', ...others] = words
  const child = spawn(program, others, {
    cwd: home,
    env: { ...process.env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (out.includes('\n')) resolve(out.split('\n', 1)[0] ?? '')
  })
  void closed.then((status) => reject(new Error(`edgekeep up ended with ${status}: ${out}${err}`)))
  const ready = JSON.parse(await promise) as Answer & {
    httpsPort: number
    httpPort: number
    ui: string | null
  }
  if (!ready.ok) throw new Error(ready.error?.message)
  return {
    pid: child.pid ?? 0,
    httpsPort: ready.httpsPort,
    httpPort: ready.httpPort,
    ui: ready.ui,
    messages: () => err,
    ended: closed,
    interrupt() {
      child.kill('SIGINT')
      return closed
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
