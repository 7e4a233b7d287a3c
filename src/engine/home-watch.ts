import { statSync } from 'node:fs'

const lookEveryMs = 1_000

/**
 * Calls `gone` once with the first of `files` that is missing or replaced, for example after the home was
 * moved or deleted. The process keeps its open files then, while commands find no engine and would make a new
 * vault.
 */
export function watchHome(files: string[], gone: (path: string) => void): { close(): void } {
  const watched = files.map((path) => ({ path, identity: identityOf(path) }))
  const timer = setInterval(() => {
    const missing = watched.find(({ path, identity }) => !['unknown', identity].includes(identityOf(path)))
    if (!missing) return
    clearInterval(timer)
    gone(missing.path)
  }, lookEveryMs).unref()
  return { close: () => clearInterval(timer) }
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
