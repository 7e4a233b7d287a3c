import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundledProgram } from '../processes/bundled-program.ts'

/** Totals over the faults of one operation (`fault-process.ts`). */
export interface FaultReport {
  name: string
  faults: number
  /** The operation succeeded in spite of the fault. */
  done: number
  refused: number
  violations: string[]
  changes: boolean
  keychain: boolean
}

/** Reason why faults cannot be injected here; null if they can. */
export const faultsMissing =
  process.platform !== 'linux'
    ? 'system calls are made to fail with LD_PRELOAD, on Linux'
    : spawnSync('cc', ['--version']).error
      ? 'there is no C compiler (cc) on this computer'
      : null

/** Has the steps of vault operations fail one after the other; `modes` as in `fault-process.ts`. */
export async function injectFaults(
  folder: string,
  modes: string,
  names: string[] = [],
): Promise<FaultReport[]> {
  const library = join(folder, 'fault-injection.so')
  const source = join(import.meta.dirname, 'fault-injection.c')
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
  const program = await bundledProgram('vault/fault-process.ts')
  const stored = join(import.meta.dirname, 'stored-vaults/schema-6')
  const work = mkdtempSync(join(folder, 'faults-'))
  const env = { ...process.env, LD_PRELOAD: library, EDGEKEEP_STORED_VAULT: stored }
  const { stdout } = await promisify(execFile)(process.execPath, [program, work, modes, ...names], { env })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as FaultReport)
}
