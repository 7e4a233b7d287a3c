import { hash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { posix } from 'node:path'
import type { Client, SFTPWrapper, Stats } from 'ssh2'
import { parseUrl } from '../../../contract/text/parse-url.ts'
import {
  answerIn,
  contentIn,
  entryOf,
  type Host,
  HostFault,
  HostGone,
  inTime,
  nextLink,
  programFolders,
  type Ran,
  reasonIn,
} from './host.ts'
import { vaultAgent, type VaultKey } from './vault-agent.ts'

const connectMs = 20_000
const runMs = 60_000
/** An act takes longer than a program may: the end of one has to be confirmed too. */
const actMs = 90_000
/** A fleet's connections stay open until all its servers are done. */
const longestMs = 60 * 60_000
const closeMs = 5_000
const mostReceivedBytes = 128 * 1024 * 1024
const mostOutputBytes = 16 * 1024 * 1024
const fileMode = 0o640
/** The arguments of a command have a limit, of 128 KiB in Linux. */
const mostRemovedAtOnce = 100
const sshPort = 22

export interface SshAddress {
  user: string
  host: string
  port: number
}

/** Parses `deploy@web1.example` or `deploy@web1.example:2222`; null if invalid. */
export function parseSshAddress(address: string): SshAddress | null {
  const url = parseUrl(`ssh://${address}`)
  if (!url || url.password !== '' || url.pathname + url.search + url.hash !== '') return null
  const { username: user, port } = url
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  // Neither begins with a hyphen, which programs read as an option.
  if (!/^[a-z_][a-z0-9_.-]*$/i.test(user) || !/^[a-z0-9:][a-z0-9.:-]*$/i.test(host) || port === '0')
    return null
  return { user, host, port: port === '' ? sshPort : Number(port) }
}

/**
 * Connects to a server by SSH, with a key of the vault or those of the person's agent, whose keys are never read here.
 * Resolves with the fingerprint of its host key, in the form of OpenSSH.
 * @throws `HostFault` without either, without an answer, and for another host key than `pinned`
 */
export async function sshHost(
  address: string,
  pinned: string | null,
  key: VaultKey | null = null,
): Promise<{ host: Host; hostKey: string }> {
  const parsed = parseSshAddress(address)
  if (!parsed) throw new HostFault(`${address} is no address for SSH.`)
  let hostKey = ''
  // Few targets are reached by SSH; the others do without the library.
  const { default: ssh } = await import('ssh2')
  const agent = key ? vaultAgent(ssh, key) : process.env.SSH_AUTH_SOCK
  if (agent === undefined)
    throw new HostFault(
      'Edgekeep was started without an SSH agent (SSH_AUTH_SOCK); a target that is added with --ssh-key needs none.',
    )
  const client = new ssh.Client()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.once('ready', () => {
    client.setNoDelay(true)
    resolve()
  })
  client.on('error', reject)
  client.once('close', () => reject(new Error('the connection was closed')))
  const sock = connect(parsed.port, parsed.host)
  client.connect({
    sock,
    username: parsed.user,
    agent,
    readyTimeout: connectMs,
    keepaliveInterval: connectMs / 2,
    hostVerifier: (key: Buffer) => {
      // Also called when the session's keys are renewed. OpenSSH leaves out the padding.
      const before = hostKey || pinned
      hostKey = `SHA256:${hash('sha256', key, 'base64').slice(0, -1)}`
      return before === null || hostKey === before
    },
  })
  try {
    await promise
    return { host: await hostOver(client, sock, { address, host: parsed.host }), hostKey }
  } catch (error) {
    sock.destroy()
    if (pinned !== null && hostKey !== '' && hostKey !== pinned)
      throw new HostFault(
        `${address} has another host key than before: ${hostKey}, and not ${pinned}. If that is right, remove the target and add it again.`,
        { cause: error },
      )
    throw new HostFault(`${address} cannot be reached by SSH: ${reasonIn((error as Error).message)}.`, {
      cause: error,
    })
  }
}

async function hostOver(
  client: Client,
  sock: Socket,
  { address, host }: { address: string; host: string },
): Promise<Host> {
  const timely = boundedActs(client, sock)
  const opening = promised<SFTPWrapper>((done) => client.sftp(done))
  const sftp = await inTime(opening, actMs, () => sock.destroy())
  const call = <T>(act: (done: Done<T>) => void) => timely(() => promised(act))
  const orNone = <T>(act: () => Promise<T>) => timely(() => orNull(act()))
  const run = (command: readonly string[]) => timely(() => runOver(client, command))
  let uid: Promise<number> | undefined
  const ourUid = () =>
    (uid ??= run(['id', '-u']).then(({ output }) => Number(output.trim().split('\n').at(-1))))
  return {
    name: address,
    outside: (bind) => (bind === undefined || isLoopback(bind) ? host : bind),
    run,
    ask: (socket, line) => timely(() => askOver(client, socket, line)),
    makeFolder: async (path) => succeed(await run(['mkdir', '-p', '-m', '750', path])),
    write: (path, content) =>
      call((done) => sftp.writeFile(path, content, { mode: fileMode, flag: 'wx' }, done)),
    writeKey: (path, keyPem, mode) =>
      call((done) => sftp.writeFile(path, keyPem, { mode, flag: 'wx' }, done)),
    read: (path) => orNone(() => contentIn(path, readStream(sftp, path))),
    async list(path) {
      const entries = await orNone(() => promised<{ filename: string }[]>((done) => sftp.readdir(path, done)))
      return (entries ?? []).map(({ filename }) => filename).toSorted()
    },
    link: (path, to) => call((done) => sftp.symlink(to, path, done)),
    async replaceLink(path, to) {
      const next = nextLink(path)
      await call<void>((done) => sftp.symlink(to, next, done))
      await call<void>((done) => sftp.ext_openssh_rename(next, path, done))
    },
    linkTarget: (path) => orNone(() => promised<string>((done) => sftp.readlink(path, done))),
    async entry(path) {
      const stats = await orNone(() => promised<Stats>((done) => sftp.lstat(path, done)))
      return stats && entryOf(stats, await ourUid())
    },
    async remove(...paths) {
      for (let at = 0; at < paths.length; at += mostRemovedAtOnce) {
        const some = paths.slice(at, at + mostRemovedAtOnce)
        succeed(await run(['rm', '-rf', '--', ...some.map((path) => posix.normalize(path))]))
      }
    },
    close() {
      client.end()
      // A hostile server would keep it open.
      setTimeout(() => sock.destroy(), closeMs).unref()
    },
  }
}

/** A connection that is closed before the file is leaves an error without a reader, which would end the process. */
function readStream(sftp: SFTPWrapper, path: string): ReturnType<SFTPWrapper['createReadStream']> {
  return sftp.createReadStream(path).on('error', () => undefined)
}

/**
 * Runs acts over a connection. A hostile server may leave each without an answer or answer one for ever: the
 * connection ends then, and all acts with it. They fail with a `HostFault`.
 */
function boundedActs(client: Client, sock: Socket) {
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => undefined)
  const life = setTimeout(() => sock.destroy(), longestMs)
  client.once('close', () => {
    clearTimeout(life)
    closed.reject(new HostGone('The connection by SSH was closed.'))
  })
  sock.on('data', () => void (sock.bytesRead > mostReceivedBytes && sock.destroy()))
  return async <T>(act: () => Promise<T>): Promise<T> => {
    if (sock.destroyed) return closed.promise
    try {
      return await inTime(Promise.race([closed.promise, act()]), actMs, () => sock.destroy())
    } catch (error) {
      throw faultOf(error as Error)
    }
  }
}

function isLoopback(bind: string): boolean {
  return bind === '::1' || bind.startsWith('127.')
}

type Done<T> = (error: Error | null | undefined, result: T) => void

function promised<T>(act: (done: Done<T>) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  act((error, result) => (error ? reject(error) : resolve(result)))
  return promise
}

/** SSH_FX_NO_SUCH_FILE, and SSH_FX_BAD_MESSAGE, which OpenSSH answers for a link that is none (EINVAL). */
const absent = new Set([2, 5])

async function orNull<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act
  } catch (error) {
    if (absent.has((error as { code?: number }).code ?? 0)) return null
    throw error
  }
}

function faultOf(error: Error): HostFault {
  if (error instanceof HostFault) return error
  return new HostFault(`A file could not be used there: ${reasonIn(error.message)}.`, { cause: error })
}

function succeed({ status, output }: Ran): void {
  if (status !== 0) throw new HostFault(`A file could not be used there: ${reasonIn(output)}`)
}

/** POSIX single quotes, in which nothing has a meaning. */
function quotedForShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function runOver(client: Client, command: readonly string[]): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  const script = `PATH="$PATH:${programFolders}" exec ${command.map(quotedForShell).join(' ')}`
  client.exec(`sh -c ${quotedForShell(script)}`, (error, stream) => {
    if (error) return reject(error)
    const timer = setTimeout(() => stream.destroy(), runMs)
    let output = ''
    const take = (piece: Buffer) => {
      if (output.length < mostOutputBytes) output += piece.toString('utf8')
    }
    stream.on('data', take)
    stream.stderr.on('data', take)
    stream.on('close', (status: number | null) => {
      clearTimeout(timer)
      resolve({ status: status ?? 1, output })
    })
    stream.end()
  })
  return promise
}

async function askOver(client: Client, socket: string, line: string): Promise<string> {
  const stream = await promised<AsyncIterable<Buffer> & NodeJS.WritableStream>((done) =>
    client.openssh_forwardOutStreamLocal(socket, done as never),
  )
  stream.end(`${line}\n`)
  return await answerIn(stream)
}
