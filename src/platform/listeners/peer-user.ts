import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIPv4, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/*
 * Threat: every user of this computer can listen on a free loopback port and connect to every one.
 * - A socket without a process (closed, in TIME_WAIT, or not accepted yet) has the user 0 in the kernel's
 *   tables, so the side that closes first would pass for root. Such a row identifies no user.
 * - From another loopback address (127.0.0.2) a different user can use the same two ports, so both addresses
 *   and both ports have to match.
 * - In a user namespace, all users outside have the same overflow number, which may also be a real user's.
 */

/** One end's view of a connection. */
export type Ends = Pick<Socket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort' | 'destroyed'>

interface OwnerRow {
  uid: number
  /** Inode of the socket; `0` for one that is not accepted yet. */
  inode: string
}

/** Only Linux has tables of its connections with their users (proc(5)). */
export const identifiesUsers = process.platform === 'linux' && existsSync('/proc/net/tcp')

/** Owner of the other end of a loopback connection; null if the tables do not identify users. */
export async function ownerOfPeer(socket: Ends): Promise<OwnerRow | null> {
  if (!identifiesUsers) return null
  const tables = await currentTables()
  const found = tables.map((table) => peerIn(table, socket)).find((row) => row !== undefined)
  return found && found.uid !== (await ambiguousUser()) ? found : null
}

let reading: Promise<string[]> = Promise.resolve([])
let next: Promise<string[]> | null = null

/**
 * Reads the tables after the call. One read at a time serves all callers that wait: another user can fill the
 * tables with connections, so that reading takes long.
 */
function currentTables(): Promise<string[]> {
  next ??= reading.then(() => {
    next = null
    return (reading = readTables())
  })
  return next
}

function readTables(): Promise<string[]> {
  // A kernel without IPv6 has no table of it.
  const read = (file: string) => readFile(file, 'latin1').catch(() => '')
  return Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read))
}

/** Pauses between reads of the tables. A program accepts a connection some time after the kernel has. */
const pausesMs = [5, 10, 20, 50, 100, 200]

/**
 * Whether the program at the other end belongs to the user of this process or to root. Null if the system
 * does not identify users; false for a program that is not identified before the connection closes or
 * `signal` aborts.
 */
export async function isOwnPeer(socket: Ends, signal: AbortSignal): Promise<boolean | null> {
  if (!identifiesUsers) return null
  for (let looks = 0; !socket.destroyed && !signal.aborted; looks += 1) {
    const owner = await ownerOfPeer(socket)
    if (owner) return owner.uid === 0 || owner.uid === process.getuid?.()
    // An abort rejects, and the loop ends.
    await delay(pausesMs[looks] ?? pausesMs.at(-1), undefined, { signal, ref: false }).catch(() => undefined)
  }
  return false
}

/** States of include/net/tcp_states.h. */
const notAccepted = '03'

/** Finds the other end of a connection in a table like /proc/net/tcp. */
export function peerIn(table: string, socket: Ends): OwnerRow | undefined {
  const own = endsIn(socket.remoteAddress, socket.remotePort)
  const far = endsIn(socket.localAddress, socket.localPort)
  return own.map((end, form) => ownerIn(table, `: ${end} ${far[form]} `)).find((row) => row !== undefined)
}

/** Searches the text, since a table may have tens of thousands of lines. */
function ownerIn(table: string, mark: string): OwnerRow | undefined {
  const at = table.indexOf(mark)
  if (at === -1) return undefined
  const columns = table.slice(at + mark.length).split('\n', 1)[0] ?? ''
  const [state, , , , uid, , inode = '0'] = columns.trim().split(/\s+/)
  // SYN_RECV has the user of the listener; a web server may accept only once there is data
  // (TCP_DEFER_ACCEPT).
  if (uid === undefined || (inode === '0' && state !== notAccepted)) return undefined
  return { uid: Number(uid), inode }
}

function endsIn(address = '', port = 0): string[] {
  const inHex = port.toString(16).toUpperCase().padStart(4, '0')
  return addressesInTable(address).map((each) => `${each}:${inHex}`)
}

/**
 * Formats a loopback address as in the tables: words of 32 bits in the order of the processor, which is
 * little-endian on all that Edgekeep is made for. IPv4 through a socket of IPv6 has its mapped form (RFC
 * 4291, section 2.5.5.2). Empty for any other address.
 */
function addressesInTable(address: string): string[] {
  if (address === '::1') return ['00000000000000000000000001000000']
  const ipv4 = address.replace(/^::ffff:/, '')
  if (!isIPv4(ipv4)) return []
  const word = Buffer.from(ipv4.split('.').map(Number).toReversed()).toString('hex').toUpperCase()
  return [word, `0000000000000000FFFF0000${word}`]
}

let overflowUser: Promise<number | null> | undefined

/** User number for all outside of this user namespace (user_namespaces(7)); null in the first one. */
function ambiguousUser(): Promise<number | null> {
  overflowUser ??= readOverflowUser()
  return overflowUser
}

async function readOverflowUser(): Promise<number | null> {
  const allUsers = '0 0 4294967295'
  // A kernel without user namespaces has no map.
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => allUsers)
  if (map.trim().split(/\s+/).join(' ') === allUsers) return null
  return Number(await readFile('/proc/sys/kernel/overflowuid', 'utf8'))
}
