import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type Ends, identifiesUsers, ownerOfPeer } from '../../../platform/listeners/peer-user.ts'

/** The process at the other end of a connection over the loopback. */
export interface Peer {
  uid: number
  /** Null where its process cannot be found or read. */
  program: PeerProgram | null
}

export interface PeerProgram {
  /** Executable, by the kernel's name for it: `/usr/lib/chromium/chromium`. */
  path: string
  /** The variable HOME that it was started with; empty where it has none. */
  home: string
  /** Folders of the certificate databases (NSS) that it has open. */
  databases: string[]
}

/**
 * The program at the other end of a connection over the loopback: its user, and its process where it is the same
 * user's. Undefined where the system does not identify users, null for a connection that it does not list.
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
    // It ended meanwhile, or keeps itself from being read.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return null
    throw error
  }
}

/** Chromium's processes write their title over their variables, all but the first, which has started the others. */
async function homeOf(pid: string, program: string): Promise<string> {
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
  const home = variables.find((each) => each.startsWith('HOME='))
  if (home !== undefined) return home.slice('HOME='.length)
  const parent = /^PPid:\s(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  if (parent === '0' || (await readlink(`/proc/${parent}/exe`)) !== program) return ''
  return homeOf(parent, program)
}

/** Processes of others, and those that end meanwhile, cannot be read. */
async function openFiles(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  return Promise.all(descriptors.map((each) => readlink(`${folder}/${each}`).catch(() => '')))
}
