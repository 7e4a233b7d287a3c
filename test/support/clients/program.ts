import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Files in a folder of the run, for programs to trust the roots by. */
export interface Trusting {
  folder: string
  /** All roots in one PEM file. */
  rootsPath: string
  /** PEM, one each. */
  roots: string[]
}

export interface Asking {
  host: string
  port: number
}

/** A program that is running or can be run, and trusts the roots. */
export interface OpenProgram {
  version: string
  /** `accepts`, or the program's own error. */
  ask(asking: Asking): Promise<string>
  close(): Promise<void>
}

/** A program that is asked by `npm run conformance -- clients`. */
export interface AskedProgram {
  id: string
  name: string
  /** @throws if it is not installed */
  open(trusting: Trusting): Promise<OpenProgram>
}

export const accepts = 'accepts'
const longestAnswerMs = 30_000

export interface Ran {
  status: number | string
  output: string
}

/** Runs a program to its end and returns its exit status and whole output. */
export function runOnce(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  timeout = longestAnswerMs,
): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const options = { timeout, env: { ...process.env, ...env }, maxBuffer: 1 << 24 }
  const child = execFile(program, args, options, (error, stdout, stderr) => {
    const output = `${stdout}${stderr}`
    if (error && typeof error.code === 'string') resolve({ status: error.code, output: error.message })
    else resolve({ status: error ? (error.signal ?? Number(error.code)) : 0, output })
  })
  child.stdin?.on('error', () => undefined).end()
  return promise
}

/** First line of a version text. */
export async function versionOf(
  program: string,
  args = ['--version'],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { status, output } = await runOnce(program, args, env)
  if (status === 'ENOENT') throw new Error(`${program} is not installed`)
  return (
    output
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  )
}

/** A program that is run once for each question. */
export function commandProgram(made: {
  program: string
  versionArgs?: string[]
  env?: (trusting: Trusting) => NodeJS.ProcessEnv
  args(asking: Asking, trusting: Trusting): string[]
  /** Undefined for an acceptance. */
  error(ran: Ran): string | undefined
}): AskedProgram['open'] {
  return async (trusting) => ({
    version: await versionOf(made.program, made.versionArgs),
    async ask(asking) {
      const ran = await runOnce(made.program, made.args(asking, trusting), made.env?.(trusting))
      return made.error(ran) ?? accepts
    },
    close: async () => undefined,
  })
}

/**
 * A program of ours in another language: it prints its version, then reads lines of host and port and prints
 * a line for each. One that dies is started again.
 */
export async function lineProgram(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<OpenProgram> {
  let running = startLines(command, args, env)
  const version = await running.next()
  return {
    version,
    async ask({ host, port }) {
      if (running.child.exitCode !== null || running.child.signalCode !== null) {
        running = startLines(command, args, env)
        await running.next()
      }
      running.child.stdin.write(`${host} ${port}\n`)
      return running.next()
    },
    async close() {
      running.child.stdin.end()
      running.child.kill('SIGKILL')
    },
  }
}

function startLines(command: string, args: string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcessWithoutNullStreams = spawn(command, args, { env: { ...process.env, ...env } })
  let complaint = ''
  child.stderr.on('data', (bytes: Buffer) => (complaint = (complaint + bytes.toString('utf8')).slice(-500)))
  child.stdin.on('error', () => undefined)
  const ended = Promise.withResolvers<string>()
  child.once('error', (error) => ended.resolve(error.message))
  child.once('exit', (code, signal) => ended.resolve(`ended with ${signal ?? code}: ${complaint}`))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    child,
    async next(): Promise<string> {
      const line = await lines.next()
      return line.done ? ended.promise : line.value
    },
  }
}
