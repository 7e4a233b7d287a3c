import { type FSWatcher, statSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Covers a move of a folder above the home, which changes nothing in the home, and systems without `watch`. */
const lookEveryMs = 5_000
/** An end in the middle of a deletion writes to the log, and leaves a folder that cannot be deleted. */
const settledAfterMs = 300

/**
 * Calls `gone` once with the first of `files` that is missing or replaced, for example after the home was
 * moved or deleted. The process keeps its open files then, while commands find no engine and would make a new
 * vault.
 */
export function watchHome(files: string[], gone: (path: string) => void): { close(): void } {
  const watched = files.map((path) => ({ path, identity: identityOf(path) }))
  const timer = setInterval(look, lookEveryMs).unref()
  let settling: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(settling)
    settling = setTimeout(look, settledAfterMs).unref()
  }
  const folders = new Set(files.map((path) => dirname(path)))
  const watchers = [...folders].flatMap((folder) => watcherOf(folder, changed))
  const close = () => {
    clearInterval(timer)
    clearTimeout(settling)
    for (const watcher of watchers) watcher.close()
  }
  function look(): void {
    const missing = watched.find(({ path, identity }) => !['unknown', identity].includes(identityOf(path)))
    if (!missing) return
    close()
    gone(missing.path)
  }
  return { close }
}

/** Calls `changed` when a file of the folder or the folder itself is moved, made or deleted. */
function watcherOf(folder: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (event) => {
      if (event === 'rename') changed()
    })
    // The timer goes on.
    return [watcher.on('error', () => watcher.close())]
  } catch {
    // Out of inotify watches, or a file system without them.
    return []
  }
}

/** Device and inode; `unknown` if the system returns no answer. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev} ${ino}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : 'unknown'
  }
}
