import { readdir, readFile, readlink } from 'node:fs/promises'
import { isIPv4, type Socket } from 'node:net'
import { basename, dirname } from 'node:path'

/** The process at the other end of a connection over the loopback. */
export interface Peer {
  uid: number
  /** Null where its process cannot be found or read. */
  program: PeerProgram | null
}

export interface PeerProgram {
  /** As the kernel has it: `/usr/lib/chromium/chromium`. */
  path: string
  /** The variable HOME that it was started with; empty where it has none. */
  home: string
  /** Folders of the certificate databases (NSS) that it has open. */
  databases: string[]
}

/**
 * Who connected to this computer by `socket`: Linux tells the user of every connection (proc(5), /proc/net/tcp), and
 * the process of those of the same user. Undefined where the system tells nothing, null where the connection is not
 * among those that it tells of.
 */
export async function peerOf(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>,
): Promise<Peer | null | undefined> {
  const tables = await connectionTables()
  if (tables.length === 0) return undefined
  const { remoteAddress = '', remotePort = 0, localPort = 0 } = socket
  const end = { address: remoteAddress, port: remotePort }
  const found = tables.map((table) => connectionIn(table, end, localPort)).find((each) => each)
  return found ? { uid: found.uid, program: await programWith(`socket:[${found.inode}]`) } : null
}

async function connectionTables(): Promise<string[]> {
  if (process.platform !== 'linux') return []
  // A kernel without IPv6 has no table of it.
  const read = (file: string) => readFile(file, 'utf8').catch(() => null)
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read))
  return tables.filter((table) => table !== null)
}

/**
 * The row of the end that is at `end` and leads to `farPort`, in a table like /proc/net/tcp. The address counts: from
 * another one of the loopback (127.0.0.2), somebody else can use the same two ports at the same time.
 */
export function connectionIn(
  table: string,
  end: { address: string; port: number },
  farPort: number,
): { uid: number; inode: string } | undefined {
  const wanted = addressesInTable(end.address).map((address) => `${address}:${portInTable(end.port)}`)
  const farEnd = `:${portInTable(farPort)}`
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/)
    const [own = '', far = '', uid, inode] = [columns[1], columns[2], columns[7], columns[9]]
    if (wanted.includes(own) && far.endsWith(farEnd) && uid !== undefined && inode !== undefined)
      return { uid: Number(uid), inode }
  }
  return undefined
}

const portInTable = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')

/**
 * An address of the loopback as the tables write it: words of 32 bits in the order of the processor, which is
 * little-endian on all that Edgekeep is made for. IPv4 through a socket of IPv6 has its mapped form (RFC 4291,
 * section 2.5.5.2). None for any other address.
 */
function addressesInTable(address: string): string[] {
  if (address === '::1') return ['00000000000000000000000001000000']
  if (!isIPv4(address)) return []
  const word = Buffer.from(address.split('.').map(Number).toReversed()).toString('hex').toUpperCase()
  return [word, `0000000000000000FFFF0000${word}`]
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
