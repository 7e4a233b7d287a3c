import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { writeDurably } from '../vault/private-files.ts'

const reasons = new Map<string, string>(
  Object.entries({
    ENOENT: 'it is not there',
    ENOTDIR: 'it is not a folder',
    EACCES: 'this user may not write to it',
    EPERM: 'this user may not write to it',
    EROFS: 'its disk can only be read',
    ENOSPC: 'its disk is full',
  }),
)

/** @throws `backup.folder_unusable` */
export function refuseUnusable(folder: string): void {
  if (!isAbsolute(folder)) throw unusable('its path does not begin at the root')
  trying(() => {
    if (!statSync(folder).isDirectory()) throw unusable('it is not a folder')
  })
}

/**
 * Writes a copy atomically, for its owner alone.
 * @throws `backup.folder_unusable`
 */
export function writeCopy(folder: string, name: string, bytes: Buffer): void {
  const path = join(folder, name)
  const making = `${path}.part`
  trying(() => {
    rmSync(making, { force: true })
    writeDurably(making, bytes, 'wx')
    try {
      renameSync(making, path)
    } catch (error) {
      // A rename may be reported as failed although it was done.
      if (existsSync(making)) throw error
    }
  })
}

/**
 * Removes the oldest copies after `written` exists.
 * @throws the system's error
 */
export function pruneCopies(
  folder: string,
  { prefix, written, keep }: { prefix: string; written: string; keep: number },
): void {
  const others = readdirSync(folder).filter(
    (one) => one !== written && one.startsWith(prefix) && one.endsWith('.backup'),
  )
  for (const old of newestFirst(others, written).slice(keep - 1)) rmSync(join(folder, old))
}

/**
 * Sorts by the time in the names. Names later than the one just written come last: a wrong clock made them.
 */
function newestFirst(others: string[], written: string): string[] {
  const newest = others.toSorted().toReversed()
  return [...newest.filter((one) => one < written), ...newest.filter((one) => one > written)]
}

function trying(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw unusable(reasons.get(code ?? '') ?? `error ${code}`, error)
  }
}

function unusable(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('backup.folder_unusable', { reason }, { cause })
}
