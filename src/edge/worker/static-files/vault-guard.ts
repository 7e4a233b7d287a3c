import type { BigIntStats } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { foldersAbove, identityOf, type FileIdentity } from '../../protocol/file-identity.ts'

/*
 * Threat: the vault's folder holds the database, and in the weak state the key that opens it. No client of a
 * folder origin may read either, under any name that a link, a mount or a case-insensitive file system gives
 * them. So the guard compares not names but device and inode: those of the opened file, and of each folder on
 * its real path. Requests share only the list of the vault's own entries, and that only while their folder is
 * unchanged.
 */

/** A file system's clock ticks in milliseconds, so a recent folder may change again with the same mtime. */
const settledNs = 2_000_000_000n

export class VaultGuard {
  readonly folder: string
  #cached: { entries: Set<FileIdentity>; home: FileIdentity; changedNs: bigint } | null = null

  /** `folder`: the vault's, absolute. */
  constructor(folder: string) {
    this.folder = folder
  }

  /**
   * Whether a file with the status `found` and the real path `path` belongs to the vault: its folder, a
   * descendant, or another name of one of its entries (a hard link, a mount).
   *
   * @throws if unknown; nothing may be served then
   */
  async isOfVault(found: BigIntStats, path: string): Promise<boolean> {
    const above = foldersAbove(path).map(async (folder) => identityOf(await stat(folder, { bigint: true })))
    const [entries, ...identities] = await Promise.all([this.#entries(), ...above])
    return [identityOf(found), ...identities].some((identity) => entries.has(identity))
  }

  async #entries(): Promise<Set<FileIdentity>> {
    try {
      return await this.#readEntries()
    } catch (error) {
      // A code of its own, because a plain ENOENT would be answered as a missing file.
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
      const failure = new Error("the vault's folder cannot be read", { cause: error })
      throw Object.assign(failure, { code: `VAULT_FOLDER_${code}` })
    }
  }

  async #readEntries(): Promise<Set<FileIdentity>> {
    const now = BigInt(Date.now()) * 1_000_000n
    const facts = await stat(this.folder, { bigint: true })
    const home = identityOf(facts)
    if (this.#cached?.home === home && this.#cached.changedNs === facts.mtimeNs) return this.#cached.entries
    const names = await readdir(this.folder)
    const found = await Promise.all(names.map((name) => entryAt(join(this.folder, name))))
    const entries = new Set([home, ...found.filter((identity) => identity !== null)])
    const isSettled = now - facts.mtimeNs > settledNs
    this.#cached = isSettled ? { entries, home, changedNs: facts.mtimeNs } : null
    return entries
  }
}

/** Follows a link to a file; a folder elsewhere that a link names is not the vault's. */
async function entryAt(path: string): Promise<FileIdentity | null> {
  try {
    const entry = await lstat(path, { bigint: true })
    if (!entry.isSymbolicLink()) return identityOf(entry)
    const target = await stat(path, { bigint: true })
    return target.isFile() ? identityOf(target) : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The entry has gone, or the link is dangling.
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return null
    throw error
  }
}
