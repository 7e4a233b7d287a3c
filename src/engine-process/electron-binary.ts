import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { environmentForChildren } from '../../bin/private-process.mjs'
import type { Installation } from './installation.ts'
import { pinnedNode } from './pinned-node.ts'

const fetchTimeoutMs = 10_000

/** A program and the words that start the desktop app with it. */
export interface DesktopProgram {
  program: string
  words: readonly string[]
}

/**
 * What starts the desktop app of this installation, or null where there is none: in a desktop package its own
 * program, in a checkout Electron with the checkout's folder.
 */
export function findDesktopProgram({ kind, root }: Installation): DesktopProgram | null {
  if (kind === 'npm') return null
  if (kind === 'checkout') return withFolder(findElectron(root), root)
  const program = ifThere(join(dirname(root), programInPackage(process.platform)))
  return program ? { program, words: [] } : null
}

/** As `findDesktopProgram`, after Electron's package was given ten seconds to fetch what it lacks. */
export async function fetchDesktopProgram({ kind, root }: Installation): Promise<DesktopProgram | null> {
  return kind === 'checkout' ? withFolder(await fetchElectron(root), root) : null
}

function withFolder(program: string | null, root: string): DesktopProgram | null {
  return program ? { program, words: [root] } : null
}

/** Where an installer puts it, from the folder of resources. */
function programInPackage(platform: NodeJS.Platform): string {
  if (platform === 'win32') return join('..', 'Edgekeep.exe')
  return platform === 'darwin' ? join('..', 'MacOS', 'Edgekeep') : join('..', 'edgekeep-desktop')
}

/**
 * Electron's program, or null where it is not there: that in `ELECTRON_OVERRIDE_DIST_PATH` where that is
 * set, else the package's. The package of version 45 installs none: its first use fetches `dist`, and writes
 * `path.txt` last, so that the two files say that `dist` is whole.
 */
export function findElectron(root: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const elsewhere = environment['ELECTRON_OVERRIDE_DIST_PATH']
  if (elsewhere) return ifThere(join(elsewhere, programOf(process.platform)))
  const folder = join(root, 'node_modules', 'electron')
  const program = readIfThere(join(folder, 'path.txt'))
  if (!program || !readIfThere(join(folder, 'dist', 'version'))) return null
  return ifThere(join(folder, 'dist', program))
}

/** Where it lies in a folder of Electron's, as its package writes it into `path.txt`. */
function programOf(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe'
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}

function ifThere(path: string): string | null {
  return existsSync(path) ? path : null
}

/** Lets the package fetch its program, once and for ten seconds at most. Null if it could not. */
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
