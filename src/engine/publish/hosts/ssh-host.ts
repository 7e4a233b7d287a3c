import { hash, randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { Client, SFTPWrapper } from 'ssh2'
import { parseUrl } from '../../../contract/text/parse-url.ts'
import { answerIn, type Host, HostFault, programFolders, type Ran } from './host.ts'

const connectMs = 20_000
const runMs = 60_000
const mostOutputBytes = 16 * 1024 * 1024
const fileMode = 0o640
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
 * Connects to a server by SSH with the keys of the person's agent; no key of it is read here. Resolves with the
 * fingerprint of its host key, in the form of OpenSSH.
 * @throws `HostFault` without an agent, without an answer, and for another host key than `pinned`
 */
export async function sshHost(
  address: string,
  pinned: string | null,
): Promise<{ host: Host; hostKey: string }> {
  const parsed = parseSshAddress(address)
  const agent = process.env.SSH_AUTH_SOCK
  if (!parsed) throw new HostFault(`${address} is no address for SSH.`)
  if (agent === undefined) throw new HostFault('Edgekeep was started without an SSH agent (SSH_AUTH_SOCK).')
  let hostKey = ''
  // Few targets are reached by SSH; the others do without the library.
  const { default: ssh } = await import('ssh2')
  const client = new ssh.Client()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.once('ready', () => {
    client.setNoDelay(true)
    resolve()
  })
  client.on('error', reject)
  client.once('close', () => reject(new Error('the connection was closed')))
  client.connect({
    host: parsed.host,
    port: parsed.port,
    username: parsed.user,
    agent,
    readyTimeout: connectMs,
    keepaliveInterval: connectMs / 2,
    hostVerifier: (key: Buffer) => {
      // OpenSSH leaves out the padding.
      hostKey = `SHA256:${hash('sha256', key, 'base64').slice(0, -1)}`
      return pinned === null || hostKey === pinned
    },
  })
  try {
    await promise
    return { host: hostOver(client, await sftpOf(client), { address, host: parsed.host }), hostKey }
  } catch (error) {
    client.destroy()
    if (pinned !== null && hostKey !== '' && hostKey !== pinned)
      throw new HostFault(
        `${address} has another host key than before: ${hostKey}, and not ${pinned}. If that is right, remove the target and add it again.`,
        { cause: error },
      )
    throw new HostFault(`${address} cannot be reached by SSH: ${(error as Error).message}.`, { cause: error })
  }
}

function sftpOf(client: Client): Promise<SFTPWrapper> {
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>()
  client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)))
  return promise
}

function hostOver(
  client: Client,
  sftp: SFTPWrapper,
  { address, host }: { address: string; host: string },
): Host {
  const run = (command: readonly string[]) => runOver(client, command)
  return {
    name: address,
    outside: (bind) => (bind === undefined || isLoopback(bind) ? host : bind),
    run,
    ask: (socket, line) => askOver(client, socket, line),
    makeFolder: async (path) => succeed(await run(['mkdir', '-p', '-m', '750', path])),
    write: (path, content) =>
      called((done) => sftp.writeFile(path, content, { mode: fileMode, flag: 'wx' }, done)),
    read: (path) => orNull((done) => sftp.readFile(path, done)),
    list: async (path) => {
      const entries = await orNull<{ filename: string }[]>((done) => sftp.readdir(path, done))
      return (entries ?? []).map(({ filename }) => filename).toSorted()
    },
    link: (path, to) => called((done) => sftp.symlink(to, path, done)),
    async replaceLink(path, to) {
      const next = `${path}.${randomBytes(6).toString('hex')}`
      await called<void>((done) => sftp.symlink(to, next, done))
      await called<void>((done) => sftp.ext_openssh_rename(next, path, done))
    },
    linkTarget: (path) => orNull((done) => sftp.readlink(path, done)),
    setMode: (path, mode) => called((done) => sftp.chmod(path, mode, done)),
    remove: async (path) => succeed(await run(['rm', '-rf', '--', posix.normalize(path)])),
    close: () => client.end(),
  }
}

function isLoopback(bind: string): boolean {
  return bind === '::1' || bind.startsWith('127.')
}

type Done<T> = (error: Error | null | undefined, result: T) => void

/** Turns a callback of SFTP into a promise, and its error into a `HostFault`. */
function called<T>(act: (done: Done<T>) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  act((error, result) => (error ? reject(faultOf(error)) : resolve(result)))
  return promise
}

/** SSH_FX_NO_SUCH_FILE, and SSH_FX_BAD_MESSAGE, which OpenSSH answers for a link that is none (EINVAL). */
const absent = new Set([2, 5])

function orNull<T>(act: (done: Done<T>) => void): Promise<T | null> {
  const { promise, resolve, reject } = Promise.withResolvers<T | null>()
  act((error, result) => {
    if (!error) resolve(result)
    else if (absent.has((error as { code?: number }).code ?? 0)) resolve(null)
    else reject(faultOf(error))
  })
  return promise
}

function faultOf(error: Error): HostFault {
  return new HostFault(`A file could not be used there: ${error.message}.`, { cause: error })
}

function succeed({ status, output }: Ran): void {
  if (status !== 0) throw new HostFault(`A file could not be used there: ${output.trim()}`)
}

/** POSIX single quotes, in which nothing has a meaning. */
function quotedForShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function runOver(client: Client, command: readonly string[]): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  const script = `PATH="$PATH:${programFolders}" exec ${command.map(quotedForShell).join(' ')}`
  client.exec(`sh -c ${quotedForShell(script)}`, (error, stream) => {
    if (error) return reject(faultOf(error))
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
  const stream = await called<AsyncIterable<Buffer> & NodeJS.WritableStream>((done) =>
    client.openssh_forwardOutStreamLocal(socket, done as never),
  )
  stream.end(`${line}\n`)
  try {
    return await answerIn(stream)
  } catch (error) {
    throw faultOf(error as Error)
  }
}
