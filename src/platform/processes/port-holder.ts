import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import type { PortHolder } from '../../contract/engine/fixed-ports.ts'
import { listProcesses, processWithSocket } from '../listeners/socket-process.ts'

const run = promisify(execFile)

/**
 * Lists programs that listen on `port` of the loopback by TCP (and with `udp` those that receive its
 * datagrams). Empty if there is none or the system does not report it. On Linux, sockets of other users come
 * with their user, and with the program if it is the only one of that user.
 */
export async function portHolders(port: number, { udp = false } = {}): Promise<PortHolder[]> {
  try {
    if (process.platform === 'linux') return await linuxHolders(port, udp)
    if (process.platform === 'darwin') return await macHolders(port)
    if (process.platform === 'win32') return await windowsHolders(port)
  } catch {
    // Without the tool or the permission, the port number has to do.
  }
  return []
}

export interface TableSocket {
  uid: number
  inode: string
}

const stateListen = '0A'
/** State of a datagram socket that is not connected. */
const stateUnconnected = '07'
/** 127.0.0.1 and the wildcard in IPv4, IPv6 and mapped form, in the tables' little-endian notation. */
const loopbackAddresses = new Set([
  '0100007F',
  '00000000',
  '00000000000000000000000001000000',
  '00000000000000000000000000000000',
  '0000000000000000FFFF00000100007F',
  '0000000000000000FFFF000000000000',
])

/** Reads the sockets that listen on `port` of the loopback from a table like /proc/net/tcp (proc(5)). */
export function listeningSockets(table: string, port: number): TableSocket[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state = '']) => {
      const [address = '', number] = local.split(':')
      return (
        number === wanted && loopbackAddresses.has(address) && [stateListen, stateUnconnected].includes(state)
      )
    })
    .map((columns) => ({ uid: Number(columns[7]), inode: columns[9] ?? '' }))
}

async function linuxHolders(port: number, udp: boolean): Promise<PortHolder[]> {
  const files = ['tcp', 'tcp6', ...(udp ? ['udp', 'udp6'] : [])]
  const tables = await Promise.all(files.map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))
  const byUser = new Map<number, Set<string>>()
  for (const { uid, inode } of tables.flatMap((table) => listeningSockets(table, port)))
    byUser.set(uid, (byUser.get(uid) ?? new Set()).add(inode))
  return Promise.all([...byUser].map(([uid, inodes]) => linuxHolder(uid, inodes)))
}

async function linuxHolder(uid: number, inodes: Set<string>): Promise<PortHolder> {
  const { pid = null, program = null } = (await programWith(inodes)) ?? (await onlyProgramOf(uid)) ?? {}
  return { uid, user: await userName(uid), program, pid, isStranger: uid !== process.getuid?.() }
}

interface Program {
  pid: number
  program: string
}

async function programWith(inodes: ReadonlySet<string>): Promise<Program | undefined> {
  const found = await processWithSocket(inodes)
  return found ? { pid: Number(found.pid), program: await linuxCommand(found.pid) } : undefined
}

/** Others' open files are unreadable, but their processes are listed, unless /proc hides them. */
async function onlyProgramOf(uid: number): Promise<Program | undefined> {
  const own: string[] = []
  for (const pid of await listProcesses()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    // Real and effective user, in this order.
    const effective = status
      .split('\n')
      .find((line) => line.startsWith('Uid:'))
      ?.split('\t')[2]
    if (effective === String(uid)) own.push(pid)
  }
  const [pid] = own
  if (pid === undefined || own.length > 1) return undefined
  return { pid: Number(pid), program: await linuxCommand(pid) }
}

/** Reads the program's file name: `comm` is the name of a thread, which programs can change. */
async function linuxCommand(pid: string): Promise<string> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
  return basename(program) || (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program')).trim()
}

async function userName(uid: number): Promise<string | null> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const line = users.split('\n').find((each) => each.split(':')[2] === String(uid))
  return line?.split(':')[0] ?? null
}

async function macHolders(port: number): Promise<PortHolder[]> {
  // lsof exits with 1 if nothing listens.
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpcu']).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  )
  const holder = holderInLsof(stdout)
  return holder ? [holder] : []
}

/** Parses `lsof -Fpcu`: a line `p812`, a line `cnginx`, a line `u501`. */
export function holderInLsof(output: string): PortHolder | undefined {
  const field = (letter: string) =>
    output
      .split('\n')
      .find((line) => line.startsWith(letter))
      ?.slice(1)
  const [pid, program, user] = [field('p'), field('c'), field('u')]
  if (!pid || !program) return undefined
  const uid = user ? Number(user) : null
  const isStranger = uid !== null && uid !== process.getuid?.()
  return { uid, user: null, program, pid: Number(pid), isStranger }
}

async function windowsHolders(port: number): Promise<PortHolder[]> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'])
  const pid = pidInNetstat(stdout, port)
  if (pid === undefined) return []
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])
  const program = /^"([^"]+)"/m.exec(tasks.stdout)?.[1] ?? null
  return [{ uid: null, user: null, program, pid: Number(pid), isStranger: false }]
}

/** Parses `netstat -ano`: owner of a listening socket (far port 0), in any language of Windows. */
export function pidInNetstat(output: string, port: number): string | undefined {
  for (const line of output.split(/\r?\n/)) {
    const [protocol, local, far, , pid] = line.trim().split(/\s+/)
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) && far?.endsWith(':0')) return pid
  }
  return undefined
}
