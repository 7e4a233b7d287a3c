import type { BigIntStats } from 'node:fs'
import { dirname } from 'node:path'

/** As a file system tells one file from all others, whatever names and mounts lead to it. */
export type FileIdentity = `${bigint} ${bigint}`

export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return `${dev} ${ino}`
}

/** From the folder that holds `path`, absolute, up to the root. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let at = path; at !== dirname(at);) folders.push((at = dirname(at)))
  return folders
}
