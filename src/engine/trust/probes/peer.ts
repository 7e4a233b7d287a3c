import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type Ends, identifiesUsers, ownerOfPeer } from '../../../platform/listeners/peer-user.ts'

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
  return owner && { uid: owner.uid, program: await programWith(`socket:[${owner.inode}]`) }
}

async function programWith(socket: string): Promise<PeerProgram | null> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const open = await openFiles(pid)
    if (open.includes(socket)) return programOf(pid, open)
  }
  return null
}

async function programOf(pid: string, open: string[]): Promise<PeerProgram | null> {
  try {
    const path = await readlink(`/proc/${pid}/exe`)
    const databases = open.filter((file) => basename(file) === 'cert9.db').map((file) => dirname(file))
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

/** Processes of others, and those that have ended, are unreadable. */
async function openFiles(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  return Promise.all(descriptors.map((each) => readlink(`${folder}/${each}`).catch(() => '')))
}
