import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Path without links, in the case of its file system; a missing end is appended to the real path above it. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), basename(path))
  }
}
