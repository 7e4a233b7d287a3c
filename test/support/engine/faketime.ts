import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { nodeOf } from '../../../bin/pinned-node.mjs'
import { environmentForChildren, privateProcess } from '../../../bin/private-process.mjs'
import { wipingFreedMemory } from '../../../src/engine-process/wiping-freed-memory.ts'
import { type ReadyLine, readReadyLine } from '../../../src/engine-process/ready-line.ts'
import { edgekeep, type Ran } from '../processes/cli.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const repository = join(import.meta.dirname, '../../..')
const library = libraryOf('/usr/lib')

/** Reason to skip tests under libfaketime; null if they run. For `unless` and `needs`. */
export const withoutFaketime =
  library === null ? 'libfaketime is not installed (Debian: apt install faketime)' : null

/** `libfaketimeMT.so.1` below one of the multiarch folders of Debian. */
function libraryOf(folder: string): string | null {
  if (process.platform !== 'linux') return null
  const candidates = readdirSync(folder)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, name, 'faketime/libfaketimeMT.so.1'))
  return candidates.find((path) => existsSync(path)) ?? null
}

export interface FakeClock {
  environment: NodeJS.ProcessEnv
  /**
   * Sets the clock ahead of the real one by these seconds (negative: behind), in all processes under it at
   * once. `CLOCK_MONOTONIC`, timers and file times stay real, as on a computer whose clock is set.
   */
  jumpTo(aheadSeconds: number): void
}

/** A clock of libfaketime, controlled by a file in `folder`. */
export function fakeClock(folder = temporaryFolder()): FakeClock {
  const file = join(folder, 'fake-time')
  const jumpTo = (aheadSeconds: number) => {
    // Renamed into place, so that no process reads half a file.
    writeFileSync(`${file}.next`, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`)
    renameSync(`${file}.next`, file)
  }
  jumpTo(0)
  const environment = {
    LD_PRELOAD: library ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DISABLE_SHM: '1',
    NO_FAKE_STAT: '1',
  }
  return { environment, jumpTo }
}

export interface FakeTimeEngine {
  ready: ReadyLine
  pid: number
  /** Idempotent. */
  stop(): Promise<void>
}

/** Starts the built engine with its edge on free ports, in the environment of `clock`; stopped after the test. */
export async function startEngineUnder(
  clock: Pick<FakeClock, 'environment'>,
  home: string,
  args: string[] = ['--https-port', '0', '--http-port', '0'],
): Promise<FakeTimeEngine> {
  const node = nodeOf(repository)
  if (node === null) throw new Error('The pinned Node is not installed; run npm start')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const preload = join(import.meta.dirname, 'faketime-preload.mjs')
  const entry = join(repository, 'out/node/engine.js')
  const child = spawn(...privateProcess(node, ['--import', preload, entry, '--home', home, ...args]), {
    cwd: home,
    env: { ...wipingFreedMemory(environmentForChildren()), ...clock.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = () => {
    child.stdin.end()
    return exited
  }
  onTestFinished(stop)
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void exited.then(() => reject(new Error('The engine ended at its start')))
  })
  const ready = readReadyLine(await line)
  return { ready, pid: ready.pid, stop }
}

export function edgekeepUnder(clock: FakeClock, home: string, args: string[]): Promise<Ran> {
  return edgekeep(home, args, '', home, clock.environment)
}

/** Curl's verdict, under `clock`, on the certificate of `name`: `verified`, or its error. */
export async function curlUnder(
  clock: FakeClock,
  { home, port, name }: { home: string; port: number; name: string },
): Promise<string> {
  const args = ['-sS', '-o', join(home, 'body'), '--max-time', '20']
  args.push('--cacert', join(home, 'root.pem'), '--resolve', `${name}:${port}:127.0.0.1`)
  const child = spawn('curl', [...args, `https://${name}:${port}/`], {
    env: { ...process.env, ...clock.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let reason = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (reason += text))
  const [status] = (await once(child, 'close')) as [number | null]
  return status === 0 ? 'verified' : reason.trim()
}
