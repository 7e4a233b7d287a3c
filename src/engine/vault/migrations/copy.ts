import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { claimFile, syncFolder } from '../private-files.ts'

/** Matches the copies, and the log of a damaged vault that a backup replaces. */
const copyName = /^(vault-schema-\d+\.copy|vault\.db-wal\.damaged)$/

/** Copies the whole database beside itself before a schema change. */
export function copyBeforeMigrating(database: Database, folder: string, version: number): void {
  const path = join(folder, `vault-schema-${version}.copy`)
  rmSync(path, { force: true })
  claimFile(path, 'the copy of its database')
  database.prepare('VACUUM INTO ?').run(path)
  syncFolder(folder)
}

/** Removes the copies, which would keep sealed keys that are erased later. */
export function removeCopies(folder: string): void {
  for (const name of readdirSync(folder)) if (copyName.test(name)) rmSync(join(folder, name))
}
