import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { posix } from 'node:path'
import { allInParallel } from '../../core/in-parallel.ts'

/** Result of a program that ran at a server. */
export interface Ran {
  /** Exit status; 127 where there is no such program. */
  status: number
  output: string
}

export interface Entry {
  kind: 'folder' | 'link' | 'other'
  /** It belongs to the user that acts there. */
  isOurs: boolean
  /** Its group or all others may write to it. */
  isShared: boolean
}

/** Entry for a mode and owner as `lstat` has them; `ourUid` is undefined where there are no owners. */
export function entryOf({ mode, uid }: { mode: number; uid: number }, ourUid: number | undefined): Entry {
  const type = mode & constants.S_IFMT
  const isFolder = type === constants.S_IFDIR
  return {
    kind: isFolder ? 'folder' : type === constants.S_IFLNK ? 'link' : 'other',
    isOurs: ourUid === undefined || uid === ourUid,
    isShared: ourUid !== undefined && (mode & 0o022) !== 0,
  }
}

/** Computer that a target's server runs on. Paths are POSIX and absolute; failures are `HostFault`. */
export interface Host {
  /** `this computer`, or `deploy@web1.example:22`. */
  name: string
  /** Address for connections from outside to a server that listens on `bind`, or on all addresses. */
  outside(bind: string | undefined): string
  /** Runs a program without a shell, with nothing on its standard input. */
  run(command: readonly string[]): Promise<Ran>
  /** Sends one line to a Unix socket and returns the answer. */
  ask(socket: string, line: string): Promise<string>
  /** Makes a folder and those above it; one that exists stays as it is. */
  makeFolder(path: string): Promise<void>
  /** Makes a new file. */
  write(path: string, content: string): Promise<void>
  /** Makes a new file with that mode from its beginning. */
  writeKey(path: string, keyPem: Buffer, mode: number): Promise<void>
  /** Null for a file that does not exist. */
  read(path: string): Promise<Buffer | null>
  /** Names in a folder, sorted; empty for one that does not exist. */
  list(path: string): Promise<string[]>
  link(path: string, to: string): Promise<void>
  /** Lets a link lead elsewhere, atomically. */
  replaceLink(path: string, to: string): Promise<void>
  /** Null where there is no link. */
  linkTarget(path: string): Promise<string | null>
  /** Facts of what is at a path, links not followed; null for nothing. */
  entry(path: string): Promise<Entry | null>
  /** Removes files, links or folders with all that is in them; none is no fault. */
  remove(...paths: string[]): Promise<void>
  close(): void
}

/** Path of a link that is about to take the place of the one at `path`. */
export function nextLink(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}`
}

/** Whether a name is one of `nextLink`, left by a connection that ended before the link was in its place. */
export function isNextLink(name: string, path: string): boolean {
  const beginning = `${posix.basename(path)}.`
  return name.startsWith(beginning) && /^[0-9a-f]{12}$/.test(name.slice(beginning.length))
}

/** Failure of a step at a server; the message is for the report of this publication alone. */
export class HostFault extends Error {}

/** The connection to a server has ended. */
export class HostGone extends HostFault {}

/** Concurrent operations per host; hides the latency of a distant server. */
const actsAtOnce = 32

/** Results in the order of `items`; `progress` is called after each, and may throw. @throws as `act` */
export function together<T, R>(
  items: Iterable<T>,
  act: (item: T) => Promise<R>,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<R[]> {
  const all = [...items]
  return allInParallel(all, actsAtOnce, act, (done) => progress(done, all.length))
}

/** Debian keeps servers off an ordinary user's PATH. */
export const programFolders = '/usr/local/sbin:/usr/sbin:/sbin'

const mostReported = 600

/** End of a program's output, where its reason stands; no part of an output with a private key. */
export function reasonIn(output: string): string {
  if (hasKey(output)) return 'There is a private key in its output.'
  const text = output.trim()
  return text.length > mostReported ? `…${text.slice(-mostReported)}` : text
}

function hasKey(content: string | Buffer): boolean {
  return content.includes('PRIVATE KEY-----')
}

const mostAnswerBytes = 1024 * 1024
const mostFileBytes = 16 * 1024 * 1024

/** Answer of a control socket; one that is too large ends the connection. */
export async function answerIn(stream: AsyncIterable<Buffer>): Promise<string> {
  return (await bytesIn(stream, mostAnswerBytes, 'the answer is too large')).toString('utf8')
}

/**
 * Content of a file. One with a private key is refused: what is read may stand in a report.
 * @throws an Error, `HostFault`
 */
export async function contentIn(path: string, stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const content = await bytesIn(stream, mostFileBytes, 'it is too large')
  if (hasKey(content)) throw new HostFault(`${path} has a private key in it.`)
  return content
}

async function bytesIn(stream: AsyncIterable<Buffer>, most: number, tooMuch: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of stream) {
    bytes += piece.length
    if (bytes > most) throw new Error(tooMuch)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Outcome of an act that ends what it waits for, by `end`, once it takes too long. @throws `HostFault` */
export async function inTime<T>(act: Promise<T>, timeoutMs: number, end: () => void): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new HostFault('There was no answer in time.'))
    end()
  }, timeoutMs)
  try {
    return await Promise.race([act, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
