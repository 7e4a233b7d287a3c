import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { environmentForChildren, privateProcess } from '../../../bin/private-process.mjs'
import type { HostedAnswer, HostedCommand } from './command-host.ts'

/** Shared process of all commands with one environment; it ends when the channel closes. */
let host: Host | undefined

interface Host {
  process: ChildProcess
  environment: string
  isBusy: boolean
  /** Last output of a command that ends the whole process. */
  err: string
}

/** Runs a command in a shared process, with `more` in its environment; null if that is busy. */
export async function hostedCommand(
  node: string,
  command: HostedCommand,
  more: NodeJS.ProcessEnv,
): Promise<HostedAnswer | null> {
  if (host?.isBusy) return null
  const environment = { ...environmentOfCommands(), ...more }
  const serialized = JSON.stringify(environment)
  if (host && host.environment !== serialized) {
    host.process.disconnect()
    host = undefined
  }
  host ??= startHost(node, environment, serialized)
  return answerOf(host, command)
}

/** Environment without Vitest's own variables, which differ between test files. */
function environmentOfCommands(): NodeJS.ProcessEnv {
  const environment = Object.entries(environmentForChildren())
  return Object.fromEntries(environment.filter(([name]) => !name.startsWith('VITEST')))
}

function startHost(node: string, env: NodeJS.ProcessEnv, environment: string): Host {
  const [program, args] = privateProcess(node, [join(import.meta.dirname, 'command-host.ts')])
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const started: Host = { process: child, environment, isBusy: false, err: '' }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (started.err += text))
  child.once('exit', () => {
    if (host === started) host = undefined
  })
  child.unref()
  child.channel?.unref()
  const stderr = child.stderr as unknown as { unref(): void }
  stderr.unref()
  return started
}

async function answerOf(busy: Host, command: HostedCommand): Promise<HostedAnswer> {
  const { promise, resolve } = Promise.withResolvers<HostedAnswer>()
  const hear = (answer: HostedAnswer) => resolve(answer)
  const end = (status: number | null) => resolve({ status: status ?? 1, out: '', err: busy.err })
  busy.isBusy = true
  busy.process.once('message', hear).once('close', end)
  busy.process.channel?.ref()
  busy.process.send(command)
  const answer = await promise
  busy.process.off('message', hear).off('close', end)
  busy.process.channel?.unref()
  busy.isBusy = false
  return answer
}
