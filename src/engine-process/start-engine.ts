import { accessSync, constants, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { engineEndMs } from '../contract/engine/engine-exit.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { unusableHome, type Home } from './home.ts'
import { findInstallation } from './installation.ts'
import { pinnedNode } from './pinned-node.ts'
import { readReadyLine, type ReadyLine } from './ready-line.ts'
import {
  engineArguments,
  spawnEngine,
  type EngineEnd,
  type EngineOptions,
  type SpawnedEngine,
} from './spawn-engine.ts'

export type { EngineOptions } from './spawn-engine.ts'

/** A system keychain may ask the person before the vault opens. */
const readyTimeoutMs = 120_000
/** Grace period of an engine that never became ready, and so has nothing to finish. */
const failedGraceMs = 500
const killGraceMs = 2000
const stopGraceMs = engineEndMs.host - killGraceMs

export interface EngineStart {
  /** Process of `spawnAhead` with the same options, to wait for. */
  spawned?: SpawnedEngine | null
  signal?: AbortSignal
}

export type EngineProcess = Awaited<ReturnType<typeof startEngine>>

/**
 * Starts an engine on the pinned Node and waits until it serves.
 *
 * @throws the error in its first line; an `AbortError` after `signal`
 */
export async function startEngine(home: Home, options: EngineOptions, { spawned, signal }: EngineStart = {}) {
  const engine = spawned ?? spawnFor(home, options)
  try {
    const ready = await firstLine(engine, signal)
    return {
      ready,
      pid: ready.pid,
      exited: engine.exited,
      /** Ends it by closing its stdin, then by signals. Resolves when it is gone. */
      stop: () => stop(engine, stopGraceMs),
      kill: () => void engine.child.kill('SIGKILL'),
    }
  } catch (error) {
    await stop(engine, failedGraceMs)
    throw error
  }
}

function spawnFor(home: Home, options: EngineOptions): SpawnedEngine {
  const { nodeRoot, engineEntry } = findInstallation()
  const entry = options.engineEntry ?? engineEntry
  if (!existsSync(entry)) throw new EdgekeepError('install.incomplete', { part: 'the built engine' })
  const node = pinnedNode(nodeRoot)
  mayWriteTo(home.logFolder)
  return spawnEngine(node, [entry, ...engineArguments(home, options)], home)
}

function mayWriteTo(folder: string): void {
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw unusableHome(error)
  }
}

async function firstLine({ child, exited, failed }: SpawnedEngine, signal?: AbortSignal): Promise<ReadyLine> {
  const abandoned = new AbortController()
  const onAbort = () => abandoned.abort()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  const line = new Promise<string>((resolve, reject) => {
    void failed.then((error) => reject(unreachable('it cannot be started', error)))
    createInterface({ input: child.stdout }).once('line', resolve)
    void exited.then((end) => reject(unreachable(`it ended at its start ${describeEnd(end)}`)))
  })
  const late = delay(readyTimeoutMs, undefined, { signal: abandoned.signal, ref: false }).then(() => {
    throw unreachable('it did not get ready')
  })
  try {
    return readReadyLine(await Promise.race([line, late]))
  } finally {
    signal?.removeEventListener('abort', onAbort)
    abandoned.abort()
    late.catch(() => undefined)
    child.stdout.resume()
  }
}

const crashSignals = new Set<string | null>(['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP'])

/** Completes "it ended at its start". V8 prints the cause of its own crashes, such as too little memory. */
export function describeEnd({ status, signal }: EngineEnd): string {
  if (signal === null) return `with status ${status}`
  if (signal === 'SIGKILL') return 'by SIGKILL, which the system or another process sent'
  return crashSignals.has(signal)
    ? `by a crash (${signal}); engine-errors.log has its last output`
    : `by ${signal}`
}

async function stop({ child, exited }: SpawnedEngine, graceMs: number): Promise<void> {
  if (child.pid === undefined) return
  child.stdin.on('error', () => undefined).end()
  if (await endsWithin(graceMs, exited)) return
  child.kill('SIGTERM')
  if (await endsWithin(killGraceMs, exited)) return
  child.kill('SIGKILL')
  await exited
}

async function endsWithin(timeMs: number, exited: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController()
  const late = delay(timeMs, false, { signal: timeout.signal }).catch(() => false)
  const ended = await Promise.race([exited.then(() => true), late])
  timeout.abort()
  return ended
}

function unreachable(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('engine.unreachable', { reason }, { cause })
}
