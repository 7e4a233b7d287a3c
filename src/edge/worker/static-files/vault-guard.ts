import type { BigIntStats } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { foldersAbove, identityOf, type FileIdentity } from '../../protocol/file-identity.ts'

/*
 * The vault's folder holds the database, and in the weak state the key that opens it. No client of a folder
 * may read either, whatever name a link, a mount or a file system that ignores case gives them. So names are
 * not judged here: the device and inode of the file that was opened are, and those of each folder that its
 * real path leads through. Nothing is kept between requests but the list of the vault's own entries, and
 * that only for as long as their folder is unchanged.
 */

/** A folder that changed so lately may change again with the same time: a file system's clock ticks in milliseconds. */
const settledNs = 2_000_000_000n

export class VaultGuard {
  readonly #folder: string
  #kept: { entries: Set<FileIdentity>; home: FileIdentity; changedNs: bigint } | null = null

  /** `folder`: that of the vault, absolute. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Whether what `found` describes, with the real path `path`, is of the vault: its folder, what lies below it,
   * or another name of one of its entries (a hard link, a mount).
   * @throws where this cannot be found out; nothing may be served then
   */
  async isOfVault(found: BigIntStats, path: string): Promise<boolean> {
    const above = foldersAbove(path).map(async (folder) => identityOf(await stat(folder, { bigint: true })))
    const [entries, ...identities] = await Promise.all([this.#entries(), ...above])
    return [identityOf(found), ...identities].some((identity) => entries.has(identity))
  }

  /** The vault's folder and what lies in it. */
  async #entries(): Promise<Set<FileIdentity>> {
    try {
      return await this.#readEntries()
    } catch (error) {
      // With its own code, because that of a file that is missing would be answered as one.
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
      const failure = new Error("the vault's folder cannot be read", { cause: error })
      throw Object.assign(failure, { code: `VAULT_FOLDER_${code}` })
    }
  }

  async #readEntries(): Promise<Set<FileIdentity>> {
    const now = BigInt(Date.now()) * 1_000_000n
    const facts = await stat(this.#folder, { bigint: true })
    const home = identityOf(facts)
    if (this.#kept?.home === home && this.#kept.changedNs === facts.mtimeNs) return this.#kept.entries
    const names = await readdir(this.#folder)
    const found = await Promise.all(names.map((name) => entryAt(join(this.#folder, name))))
    const entries = new Set([home, ...found.filter((identity) => identity !== null)])
    const isSettled = now - facts.mtimeNs > settledNs
    this.#kept = isSettled ? { entries, home, changedNs: facts.mtimeNs } : null
    return entries
  }
}

/** Of a link, the file it leads to: a folder elsewhere that a link names is not the vault's. */
async function entryAt(path: string): Promise<FileIdentity | null> {
  try {
    const entry = await lstat(path, { bigint: true })
    if (!entry.isSymbolicLink()) return identityOf(entry)
    const target = await stat(path, { bigint: true })
    return target.isFile() ? identityOf(target) : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // It is gone by now, or the link leads nowhere.
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return null
    throw error
  }
}
