import { isAbsolute, relative, sep } from 'node:path'
import type { FolderOrigin } from '../../contract/domains/origins.ts'

/**
 * Whether the real path of a served folder, which a link may have replaced since it was chosen, still lies in its
 * boundary: without one, that is the path as it was given. Hidden folders of the real path have to be asked for
 * too: a link to `.git` inside of a project would show what no request may name.
 */
export function isInBoundary({ folder, boundary, dotFiles }: FolderOrigin, real: string): boolean {
  const inside = relative(boundary ?? folder, real)
  const names = inside.split(sep)
  const given = folder.split(sep)
  const isShown = (name: string) => dotFiles || !name.startsWith('.') || given.includes(name)
  return names[0] !== '..' && !isAbsolute(inside) && names.every(isShown)
}
