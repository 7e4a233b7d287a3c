import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import {
  answerIn,
  contentIn,
  entryOf,
  type Host,
  HostFault,
  inTime,
  nextLink,
  programFolders,
  type Ran,
  together,
} from './host.ts'

const timeoutMs = 60_000
const mostOutputBytes = 16 * 1024 * 1024
const folderMode = 0o750
const fileMode = 0o640

/** This computer, as the user that the engine runs as. */
export function localHost(): Host {
  return {
    name: 'this computer',
    outside: (bind) => bind ?? '127.0.0.1',
    run,
    ask,
    makeFolder: async (path) => void (await faulty(mkdir(path, { recursive: true, mode: folderMode }))),
    write: (path, content) => faulty(writeFile(path, content, { mode: fileMode, flag: 'wx' })),
    writeKey: (path, keyPem, mode) => faulty(writeFile(path, keyPem, { mode, flag: 'wx' })),
    read: (path) => orNull(contentOf(path)),
    list: async (path) => ((await orNull(readdir(path))) ?? []).toSorted(),
    link: (path, to) => faulty(symlink(to, path)),
    replaceLink: (path, to) => faulty(replaceLink(path, to)),
    linkTarget: (path) => orNull(readlink(path)),
    async entry(path) {
      const stats = await orNull(lstat(path))
      return stats && entryOf(stats, process.getuid?.())
    },
    remove: async (...paths) =>
      void (await together(paths, (path) => faulty(rm(path, { recursive: true, force: true })))),
    close: () => undefined,
  }
}

function run([program = '', ...args]: readonly string[]): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const { PATH = '', HOME, LANG } = process.env
  const options = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: mostOutputBytes,
    env: { PATH: `${PATH}:${programFolders}`, HOME, LANG },
  }
  const child = execFile(program, args, options, (error, out, complaint) => {
    const { code } = error ?? { code: 0 }
    const status = code === 'ENOENT' ? 127 : typeof code === 'number' ? code : 1
    const reason = error?.killed ? 'It did not end in time.\n' : ''
    resolve({ status, output: reason + out + complaint })
  })
  child.stdin?.on('error', () => undefined).end()
  return promise
}

async function ask(path: string, line: string): Promise<string> {
  const socket = connect(path)
  socket.end(`${line}\n`)
  return await inTime(faulty(answerIn(socket)), timeoutMs, () => socket.destroy())
}

/** Opens without waiting for the writer of a pipe. */
async function contentOf(path: string): Promise<Buffer> {
  await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  if (!(await file.stat()).isFile()) throw new HostFault(`${path} is no ordinary file.`)
  return await contentIn(path, file.createReadStream({ autoClose: false }))
}

async function replaceLink(path: string, to: string): Promise<void> {
  const next = nextLink(path)
  await symlink(to, next)
  await rename(next, path)
}

async function faulty<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    throw faultOf(error as NodeJS.ErrnoException)
  }
}

async function orNull<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EINVAL' || code === 'ENOTDIR') return null
    throw faultOf(error as NodeJS.ErrnoException)
  }
}

function faultOf(error: NodeJS.ErrnoException): HostFault {
  if (error instanceof HostFault) return error
  const { code, path, message } = error
  if (code === 'EACCES' || code === 'EPERM')
    return new HostFault(`The user that Edgekeep runs as may not write to or read ${path ?? 'a file'} there.`)
  return new HostFault(`A file could not be used there: ${message}`)
}
