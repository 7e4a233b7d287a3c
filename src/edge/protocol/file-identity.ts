import type { BigIntStats } from 'node:fs'
import { dirname } from 'node:path'

/** Device and inode: the same for all names and mounts of a file. */
export type FileIdentity = `${bigint} ${bigint}`

export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return `${dev} ${ino}`
}

export function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let at = path; at !== dirname(at);) folders.push((at = dirname(at)))
  return folders
}
