import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readOrdinaryFile } from '../../../platform/files/ordinary-file.ts'

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
  const named = statSync(git).isFile() ? /^gitdir: (.+)$/m.exec(textOf(git))?.[1]?.trim() : undefined
  const folder = named === undefined ? git : resolve(root, named)
  const branch = /^ref: refs\/heads\/(\S+)/.exec(textOf(join(folder, 'HEAD')))?.[1] ?? null
  return { root, branch, isLinked: named !== undefined && /[\\/]worktrees[\\/]/.test(named) }
}

/** Text of a small file; empty without one. */
function textOf(path: string): string {
  try {
    return readOrdinaryFile(path, 4096).toString('utf8')
  } catch {
    return ''
  }
}
