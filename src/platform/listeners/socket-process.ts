import { readdir, readlink } from 'node:fs/promises'

export interface ProcessFiles {
  pid: string
  /** Paths of its open files; `socket:[INODE]` for a socket (proc(5)). */
  files: string[]
}

export async function listProcesses(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
}

/** Process of this user that has one of the sockets open; null if there is none. Linux only. */
export async function processWithSocket(inodes: ReadonlySet<string>): Promise<ProcessFiles | null> {
  for (const pid of await listProcesses()) {
    const files = await openFiles(pid)
    if (files.some((file) => file.startsWith('socket:[') && inodes.has(file.slice(8, -1))))
      return { pid, files }
  }
  return null
}

/** Those of processes of other users, and of processes that end meanwhile, are unreadable. */
export async function openFiles(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  return Promise.all(descriptors.map((each) => readlink(`${folder}/${each}`).catch(() => '')))
}
