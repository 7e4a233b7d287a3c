import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { controlAddress } from '../contract/engine/control-address.ts'

/** Folder of one Edgekeep: vault, control socket, logs. Only its owner can enter it. */
export interface Home {
  /** Absolute, symbolic links resolved. */
  folder: string
  /** Unix socket or named pipe the engine listens on. */
  socketPath: string
  logFolder: string
}

/** Thrown for a folder that cannot be a home; its message is the reason in `home.unusable`. */
export class UnusableFolder extends Error {}

const others = 0o077

/**
 * Makes the home usable: `folder`, else `EDGEKEEP_HOME`, else the system's place for a program's data.
 *
 * @throws `UnusableFolder`, which needs nothing of the contract: the desktop app has its window before that
 * is loaded
 */
export function makeHome(folder?: string, environment: NodeJS.ProcessEnv = process.env): Home {
  const wanted = resolve(folder || environment['EDGEKEEP_HOME'] || envPaths('edgekeep', { suffix: '' }).data)
  const found = make(wanted)
  if (process.platform !== 'win32') makePrivate(found)
  const socketPath = controlAddress(found)
  if (!socketPath) throw new UnusableFolder('its path is too long for a control socket; choose a shorter one')
  const logFolder = join(found, 'logs')
  make(logFolder)
  return { folder: found, socketPath, logFolder }
}

function make(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return realpathSync(folder)
  } catch (error) {
    throw new UnusableFolder(reasonOf(error), { cause: error })
  }
}

/** Changes a folder with rights for others only while it is empty: it may belong to something else. */
function makePrivate(folder: string): void {
  const facts = statSync(folder)
  if (facts.uid !== process.getuid?.()) throw new UnusableFolder('it belongs to another user')
  if ((facts.mode & others) === 0) return
  if (readdirSync(folder).length > 0) {
    throw new UnusableFolder(
      'others on this computer have rights to it; take them away (chmod 700) or choose another',
    )
  }
  chmodSync(folder, 0o700)
}

export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there'
  if (code === 'EROFS') return 'the disk is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  return `the system says ${code ?? 'no'}`
}
