import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync, accessSync, constants } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { nodeOf } from '../../bin/pinned-node.mjs'
import { environmentForChildren, privateProcess } from '../../bin/private-process.mjs'
import type { EdgeForThisRun } from '../contract/engine/edge-settings.ts'
import { openLogFile } from '../platform/log/log-file.ts'
import { logProcessOutput } from '../platform/log/process-output.ts'
import type { Home } from './home-folder.ts'
import type { Installation } from './installed-at.ts'
import { wipingFreedMemory } from './wiping-freed-memory.ts'

export interface EngineOptions extends EdgeForThisRun {
  /** Default: the installation's. */
  engineEntry?: string
}

/** The other of the two is null. */
export interface EngineEnd {
  status: number | null
  signal: NodeJS.Signals | null
}

/** Process of an engine, observed from its start so that no output and no event is missed. */
export interface SpawnedEngine {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  exited: Promise<EngineEnd>
  /** Resolves if the system did not start it. */
  failed: Promise<Error>
}

export function engineArguments(home: Home, options: EngineOptions): string[] {
  const number = (name: string, value?: number | 'auto') => (value === undefined ? [] : [name, String(value)])
  return [
    '--home',
    home.folder,
    ...number('--https-port', options.httpsPort),
    ...number('--http-port', options.httpPort),
    ...number('--workers', options.workers),
    ...number('--metrics-port', options.metricsPort),
    ...(options.again ? ['--again'] : []),
    '--port-taken',
    options.portTaken,
  ]
}

/**
 * Size of V8's young generation in MB: by default it starts with half of one and grows to 16, which it never
 * returns. With 4, an idle engine has 10 MB less, and parsing certificates takes as long.
 */
const engineFlags = ['--min-semi-space-size=2', '--max-semi-space-size=4']

/**
 * Spawns the engine in a session of its own, so that Ctrl-C in a terminal reaches only the launcher, which
 * ends it in order. Its stdin is its lifeline: it ends when that closes, however the launcher ended. Its
 * stderr, Node's report of a crash, goes to `engine-errors.log` through this process, which removes keys.
 */
export function spawnEngine(node: string, args: string[], home: Home): SpawnedEngine {
  const child = spawn(...privateProcess(node, [...engineFlags, ...args]), {
    cwd: home.folder,
    env: wipingFreedMemory(environmentForChildren()),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  logProcessOutput(child.stderr, openLogFile(home.logFolder, 'engine-errors'))
  return {
    child,
    exited: new Promise((resolve) => child.once('close', (status, signal) => resolve({ status, signal }))),
    failed: new Promise((resolve) => child.once('error', resolve)),
  }
}

/**
 * Starts an engine for `startEngine` to take over before its code is loaded: this function needs nothing of
 * the contract. Null if an engine may already run, or if a part is missing that `startEngine` reports.
 */
export function spawnAhead(
  home: Home,
  { nodeRoot, engineEntry }: Pick<Installation, 'nodeRoot' | 'engineEntry'>,
  options: EngineOptions,
): SpawnedEngine | null {
  // A named pipe cannot be looked for without opening it.
  if (process.platform === 'win32' || existsSync(home.socketPath)) return null
  const node = nodeOf(nodeRoot)
  if (node === null || !existsSync(engineEntry) || !isWritable(home.logFolder)) return null
  return spawnEngine(node, [engineEntry, ...engineArguments(home, options)], home)
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    // `startEngine` checks again and reports the reason.
    return false
  }
}
