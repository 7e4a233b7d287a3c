import { readFile, readlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type Ends, identifiesUsers, ownerOfPeer } from '../../../platform/listeners/peer-user.ts'
import { processWithSocket, type ProcessFiles } from '../../../platform/listeners/socket-process.ts'

export interface Peer {
  uid: number
  /** Null if the process cannot be found or read. */
  program: PeerProgram | null
}

export interface PeerProgram {
  /** Executable by the kernel's name, such as `/usr/lib/chromium/chromium`. */
  path: string
  /** HOME at its start; empty without one. */
  home: string
  /** Folders of its open certificate databases (NSS). */
  databases: string[]
}

/**
 * Identifies the peer of a loopback connection: its user, and its process if that is the same user's.
 * Undefined if the system does not identify users, null for a connection that it does not list.
 */
export async function peerOf(socket: Ends): Promise<Peer | null | undefined> {
  if (!identifiesUsers) return undefined
  const owner = await ownerOfPeer(socket)
  if (!owner) return null
  const found = await processWithSocket(new Set([owner.inode]))
  return { uid: owner.uid, program: found && (await programOf(found)) }
}

async function programOf({ pid, files }: ProcessFiles): Promise<PeerProgram | null> {
  try {
    const path = await readlink(`/proc/${pid}/exe`)
    const databases = files.filter((file) => basename(file) === 'cert9.db').map((file) => dirname(file))
    return { path, home: await homeOf(pid, path), databases }
  } catch (error) {
    // The process has ended, or denies access.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return null
    throw error
  }
}

/** Chromium's processes overwrite their environment with their title, except the first, their parent. */
async function homeOf(pid: string, program: string): Promise<string> {
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
  const home = variables.find((each) => each.startsWith('HOME='))
  if (home !== undefined) return home.slice('HOME='.length)
  const parent = /^PPid:\s(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  if (parent === '0' || (await readlink(`/proc/${parent}/exe`)) !== program) return ''
  return homeOf(parent, program)
}
