import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { environmentForChildren } from '../../bin/private-process.mjs'
import type { Installation } from './installation.ts'
import { pinnedNode } from './pinned-node.ts'

const fetchTimeoutMs = 10_000

export interface DesktopProgram {
  program: string
  args: readonly string[]
}

/**
 * Finds the program of the desktop app, or null if there is none: in a desktop package its own program, in a
 * checkout Electron with the checkout's folder.
 */
export function findDesktopProgram({ kind, root }: Installation): DesktopProgram | null {
  if (kind === 'npm') return null
  if (kind === 'checkout') return withFolder(findElectron(root), root)
  const program = ifThere(join(dirname(root), programInPackage(process.platform)))
  return program ? { program, args: [] } : null
}

/** Same as `findDesktopProgram`, after Electron's package had ten seconds to download its program. */
export async function fetchDesktopProgram({ kind, root }: Installation): Promise<DesktopProgram | null> {
  return kind === 'checkout' ? withFolder(await fetchElectron(root), root) : null
}

function withFolder(program: string | null, root: string): DesktopProgram | null {
  return program ? { program, args: [root] } : null
}

/** Path of an installed program, relative to the folder of resources. */
function programInPackage(platform: NodeJS.Platform): string {
  if (platform === 'win32') return join('..', 'Edgekeep.exe')
  return platform === 'darwin' ? join('..', 'MacOS', 'Edgekeep') : join('..', 'edgekeep-desktop')
}

/**
 * Finds Electron's program, or null: in `ELECTRON_OVERRIDE_DIST_PATH` if set, else in the package. The
 * package of version 45 installs none: its first use downloads `dist`, and writes `path.txt` last, so that
 * both files together prove that `dist` is complete.
 */
export function findElectron(root: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const elsewhere = environment['ELECTRON_OVERRIDE_DIST_PATH']
  if (elsewhere) return ifThere(join(elsewhere, programOf(process.platform)))
  const folder = join(root, 'node_modules', 'electron')
  const program = readIfThere(join(folder, 'path.txt'))
  if (!program || !readIfThere(join(folder, 'dist', 'version'))) return null
  return ifThere(join(folder, 'dist', program))
}

/** Path in Electron's folder, as its package writes it into `path.txt`. */
function programOf(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe'
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}

function ifThere(path: string): string | null {
  return existsSync(path) ? path : null
}

/** Lets the package download its program, once and for ten seconds at most. Null if it could not. */
export async function fetchElectron(root: string, timeoutMs = fetchTimeoutMs): Promise<string | null> {
  const installer = join(root, 'node_modules', 'electron', 'install.js')
  if (!existsSync(installer)) return null
  const child = spawn(pinnedNode(root), [installer], {
    stdio: 'ignore',
    env: { ...environmentForChildren(), ELECTRON_GET_NO_PROGRESS: '1' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  return findElectron(root)
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null
}
