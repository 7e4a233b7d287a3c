import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { environmentForChildren, privateProcess } from '../../bin/private-process.mjs'
import type { EdgeSettings } from '../contract/edge-settings.ts'
import { EdgekeepError } from '../contract/errors.ts'
import { openLogFile } from '../log/log-file.ts'
import { logProcessOutput } from '../log/process-output.ts'
import { unusableHome, type Home } from './home.ts'
import { findInstallation } from './installation.ts'
import { pinnedNode } from './pinned-node.ts'
import { wipingFreedMemory } from './wiping-freed-memory.ts'
import { readReadyLine, type ReadyLine } from './ready-line.ts'

export interface EngineOptions {
  /** For this run, as workers and metrics; absent: what the vault keeps. */
  httpsPort?: number | undefined
  httpPort?: number | undefined
  /** Where the engine listened that this one takes the place of. */
  samePorts?: { https: number; http: number } | undefined
  /** `fail`: a taken port is `edge.port_taken`; `next`: the next free one is used. */
  portTaken: 'fail' | 'next'
  /** How many processes the edge serves with. */
  workers?: EdgeSettings['workers'] | undefined
  /** Where numbers for Prometheus are served. */
  metricsPort?: number | undefined
  /** Absent: the installation's. */
  engineEntry?: string
}

export interface EngineProcess {
  ready: ReadyLine
  pid: number
  /** Its exit status; null where a signal ended it. */
  exited: Promise<number | null>
  /** Ends it: asks by closing its input, then by signals. Resolves when it is gone. */
  stop(): Promise<void>
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** A system keychain may ask the person before the vault opens. */
const readyTimeoutMs = 120_000
const stopGraceMs = 6000
/** For an engine that never became ready, and so has nothing to finish. */
const failedGraceMs = 500
const killGraceMs = 2000

/** Starts an engine on the pinned Node and waits until it serves. Throws what its first line says. */
export async function startEngine(home: Home, options: EngineOptions): Promise<EngineProcess> {
  const { nodeRoot, engineEntry } = findInstallation()
  const entry = options.engineEntry ?? engineEntry
  if (!existsSync(entry)) throw new EdgekeepError('install.incomplete', { part: 'the built engine' })
  const child = spawnEngine(pinnedNode(nodeRoot), [entry, ...argumentsOf(home, options)], home)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    const ready = await firstLine(child, exited)
    return { ready, pid: ready.pid, exited, stop: () => stop(child, exited, stopGraceMs) }
  } catch (error) {
    await stop(child, exited, failedGraceMs)
    throw error
  }
}

function argumentsOf(home: Home, options: EngineOptions): string[] {
  const number = (name: string, value?: number | 'auto') => (value === undefined ? [] : [name, String(value)])
  return [
    '--home',
    home.folder,
    ...number('--https-port', options.httpsPort),
    ...number('--http-port', options.httpPort),
    ...number('--workers', options.workers),
    ...number('--metrics-port', options.metricsPort),
    ...(options.samePorts ? ['--same-ports', `${options.samePorts.https},${options.samePorts.http}`] : []),
    '--port-taken',
    options.portTaken,
  ]
}

/**
 * In a session of its own, so that Ctrl-C in a terminal reaches the launcher alone, which ends it in order.
 * Its input is its lifeline: it ends when that closes, however the launcher ended. What it says on stderr, which
 * is what Node says of a crash, goes to `engine-errors.log` by way of this process, which removes keys from it.
 */
function spawnEngine(node: string, args: string[], home: Home): Child {
  mayWriteTo(home.logFolder)
  const child = spawn(...privateProcess(node, args), {
    cwd: home.folder,
    env: wipingFreedMemory(environmentForChildren()),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  }) as Child
  logProcessOutput(child.stderr, openLogFile(home.logFolder, 'engine-errors'))
  return child
}

function mayWriteTo(folder: string): void {
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw unusableHome(error)
  }
}

async function firstLine(child: Child, exited: Promise<number | null>): Promise<ReadyLine> {
  const abandoned = new AbortController()
  const line = new Promise<string>((resolve, reject) => {
    child.once('error', (error) => reject(unreachable('it cannot be started', error)))
    createInterface({ input: child.stdout }).once('line', resolve)
    void exited.then((status) => reject(unreachable(`it ended at its start with status ${status}`)))
  })
  const late = delay(readyTimeoutMs, undefined, { signal: abandoned.signal, ref: false }).then(() => {
    throw unreachable('it did not get ready')
  })
  try {
    return readReadyLine(await Promise.race([line, late]))
  } finally {
    abandoned.abort()
    late.catch(() => undefined)
    child.stdout.resume()
  }
}

async function stop(child: Child, exited: Promise<number | null>, graceMs: number): Promise<void> {
  if (child.pid === undefined) return
  child.stdin.on('error', () => undefined).end()
  if (await endsWithin(graceMs, exited)) return
  child.kill('SIGTERM')
  if (await endsWithin(killGraceMs, exited)) return
  child.kill('SIGKILL')
  await exited
}

async function endsWithin(timeMs: number, exited: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController()
  const late = delay(timeMs, false, { signal: patience.signal }).catch(() => false)
  const ended = await Promise.race([exited.then(() => true), late])
  patience.abort()
  return ended
}

function unreachable(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('engine.unreachable', { reason }, { cause })
}
