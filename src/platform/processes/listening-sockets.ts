import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { openFiles } from '../listeners/socket-process.ts'

const run = promisify(execFile)

export interface ListeningSocket {
  /** `127.0.0.1`, `::1`, `0.0.0.0`, `::`, or an address of a network. */
  address: string
  port: number
}

/** TCP sockets on which these processes listen. Empty if the system does not report them. */
export async function listeningSocketsOf(pids: readonly number[]): Promise<ListeningSocket[]> {
  if (pids.length === 0) return []
  if (process.platform === 'linux') return linuxSockets(pids)
  const [file, args] =
    process.platform === 'win32'
      ? ['netstat', ['-ano']]
      : ['lsof', ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Fn']]
  // lsof exits with 1 if nothing listens.
  const { stdout } = await run(file, args, { windowsHide: true }).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }))
  return process.platform === 'win32' ? socketsInNetstat(stdout, pids) : socketsInLsof(stdout)
}

async function linuxSockets(pids: readonly number[]): Promise<ListeningSocket[]> {
  const [tables, files] = await Promise.all([
    Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => ''))),
    Promise.all(pids.map((pid) => openFiles(String(pid)))),
  ])
  const own = new Set(files.flat())
  return tables.flatMap((table) => socketsInTable(table, (inode) => own.has(`socket:[${inode}]`)))
}

const stateListen = '0A'

/** Parses a table like /proc/net/tcp (proc_pid_net(5)): listening sockets whose inode is accepted. */
export function socketsInTable(table: string, isOwn: (inode: string) => boolean): ListeningSocket[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (state !== stateListen || !isOwn(inode)) return []
    const [address = '', port = ''] = local.split(':')
    return [{ address: addressInTable(address), port: Number.parseInt(port, 16) }]
  })
}

/** Each 32 bits are in the machine's byte order: little-endian on all systems that Edgekeep runs on. */
function addressInTable(hex: string): string {
  const quads = hex.match(/.{8}/g) ?? []
  const bytes = quads.flatMap((quad) => [...Buffer.from(quad, 'hex')].reverse())
  if (bytes.length === 4) return bytes.join('.')
  const parts = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0))
  if (parts.every((part) => part === 0)) return '::'
  if (parts.slice(0, 7).every((part) => part === 0) && parts[7] === 1) return '::1'
  return parts.map((part) => part.toString(16)).join(':')
}

/** Parses `lsof -Fn`: lines like `n127.0.0.1:5173`, `n*:3000` and `n[::1]:5173`. */
export function socketsInLsof(output: string): ListeningSocket[] {
  return output.split('\n').flatMap((line) => {
    const socket = line.startsWith('n') ? socketOf(line.slice(1)) : null
    return socket ? [{ ...socket, address: socket.address === '*' ? '0.0.0.0' : socket.address }] : []
  })
}

/** Parses `netstat -ano`, in any language of Windows: a listening socket has the far port 0. */
export function socketsInNetstat(output: string, pids: readonly number[]): ListeningSocket[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [protocol, local = '', far, , pid] = line.trim().split(/\s+/)
    const socket = socketOf(local)
    const isOwn = pids.includes(Number(pid)) && protocol === 'TCP' && far?.endsWith(':0') === true
    return socket && isOwn ? [socket] : []
  })
}

/** Parses an address with its port: `127.0.0.1:80`, `[::1]:80`, `*:80`. */
function socketOf(text: string): ListeningSocket | null {
  const colon = text.lastIndexOf(':')
  const port = Number(text.slice(colon + 1))
  if (colon < 0 || !Number.isInteger(port) || port === 0) return null
  return { address: text.slice(0, colon).replaceAll(/[[\]]/g, ''), port }
}
