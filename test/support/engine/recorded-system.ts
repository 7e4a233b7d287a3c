import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createRoot } from '../../../src/pki/issue/authority-certificates.ts'
import { changeParts } from '../../../src/engine/trust/stores/change-store.ts'
import { fingerprintOf, type TrustedRoot, type WantedRoots } from '../../../src/engine/trust/stores/roots.ts'
import type { HostEnvironment } from '../../../src/platform/commands/host-environment.ts'

/** Another operating system in a folder of its own, replayed from recordings. */
export interface RecordedSystem {
  hostEnvironment: HostEnvironment
  root: string
  /** Folder with the state of the recorded programs. */
  state: string
  write(path: string, text: string, mode?: number): void
  /** Puts a recorded program at a path of the system. */
  program(path: string, recorded: 'security' | 'powershell'): void
  /** Sets the person's answer to later system dialogs. */
  answer(word: 'yes' | 'no' | 'nobody'): void
  /** Parses a JSON state file of a recorded program. */
  kept(name: string): unknown
  /** Recorded calls: the arguments, or the script. */
  calls(name: 'argv.log' | 'scripts.log'): unknown[]
  close(): void
}

export function recordedSystem(platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}): RecordedSystem {
  const root = mkdtempSync(join(tmpdir(), 'edgekeep-recorded-'))
  const [state, home] = [join(root, 'state'), join(root, 'home')]
  mkdirSync(state)
  mkdirSync(home)
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    chmodSync(join(root, path), mode)
  }
  // Debian, unless a test overrides it.
  if (platform === 'linux') write('etc/os-release', 'ID=debian\n')
  const textOf = (name: string) =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8') : ''
  return {
    hostEnvironment: {
      platform,
      home,
      env: { PATH: join(root, 'bin'), ...env },
      folder: join(root, 'edgekeep'),
      root,
    },
    root,
    state,
    write,
    program(path, recorded) {
      const source = join(import.meta.dirname, 'recorded', `${recorded}.mjs`)
      // Absolute paths: callers do not pass the test's environment on.
      write(path, `#!/bin/sh\nRECORDED='${state}' exec '${process.execPath}' '${source}' "$@"\n`, 0o755)
    },
    answer: (word) => writeFileSync(join(state, 'answer'), JSON.stringify(word)),
    kept: (name) => (textOf(name) === '' ? undefined : JSON.parse(textOf(name))),
    calls: (name) =>
      textOf(name)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

export async function madeRoot(generation = 1): Promise<TrustedRoot> {
  const { certificatePem: pem } = await createRoot({
    at: new Date('2026-11-01T00:00:00Z'),
    host: 'here',
    generation,
    suffixes: ['test'],
  })
  return { pem, fingerprint: fingerprintOf(pem), title: `Edgekeep ${generation}` }
}

/** Current and previous root, with the wanted state of a store. */
export async function madeRoots(): Promise<{
  current: TrustedRoot
  earlier: TrustedRoot
  wanted: WantedRoots
}> {
  const [earlier, current] = [await madeRoot(1), await madeRoot(2)]
  return { current, earlier, wanted: { current, retired: [], ours: [current, earlier] } }
}

export function changesOf({ hostEnvironment }: RecordedSystem, wanted: WantedRoots) {
  return changeParts(hostEnvironment.folder, wanted, () => new Date('2026-11-26T12:00:00Z'))
}
