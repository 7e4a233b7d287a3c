import { basename } from 'node:path'
import { hostLabel } from '../../../domain/host-label.ts'
import type { Checkout } from './checkout.ts'

const mainBranches = new Set(['main', 'master', 'trunk'])
const mostRepeats = 9

/**
 * Names below `localhost` for a project in this checkout, best first: that of the package, in a linked
 * worktree with its branch before it. The others are for a name that another checkout already uses. `given` is
 * a label, or a whole name, that a person wants instead.
 */
export function projectNames(projectName: string, checkout: Checkout, given?: string): string[] {
  if (given !== undefined) return [given.includes('.') ? given : `${given}.localhost`]
  const base = hostLabel(projectName) || hostLabel(basename(checkout.root)) || 'project'
  const repeats = Array.from({ length: mostRepeats - 1 }, (_, at) => `${base}-${at + 2}.localhost`)
  return [...checkoutNames(`${base}.localhost`, checkout), ...repeats]
}

/** Names for this checkout of a project whose domain is `domain`, best first. */
export function checkoutNames(domain: string, { root, branch, isLinked }: Checkout): string[] {
  const [base] = domain.split('.')
  const below = (text: string | null) => {
    const label = hostLabel(text ?? '')
    return label === '' || label === base ? [] : [`${label}.${domain}`]
  }
  const isOnMain = branch === null || mainBranches.has(branch)
  const first = isLinked && !isOnMain ? [] : [domain]
  return [...new Set([...first, ...below(branch), ...below(basename(root)), domain])]
}
