import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface Checkout {
  root: string
  branch: string | null
  /** A further worktree of a repository ("git worktree add"). */
  isLinked: boolean
}

/** Git checkout around a folder, read from its files; the folder itself without one. */
export function checkoutOf(folder: string): Checkout {
  for (let at = folder; ; at = dirname(at)) {
    const git = join(at, '.git')
    if (existsSync(git)) return readCheckout(at, git)
    if (dirname(at) === at) return { root: folder, branch: null, isLinked: false }
  }
}

/** In a linked worktree, `.git` is a file that names its folder in the repository (gitrepository-layout(5)). */
function readCheckout(root: string, git: string): Checkout {
  const named = statSync(git).isFile() ? /^gitdir: (.+)$/m.exec(startOf(git))?.[1]?.trim() : undefined
  const folder = named === undefined ? git : resolve(root, named)
  const branch = /^ref: refs\/heads\/(\S+)/.exec(startOf(join(folder, 'HEAD')))?.[1] ?? null
  return { root, branch, isLinked: named !== undefined && /[\\/]worktrees[\\/]/.test(named) }
}

/** First characters of a small text file; empty without one. */
function startOf(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8').slice(0, 4096) : ''
  } catch {
    return ''
  }
}
