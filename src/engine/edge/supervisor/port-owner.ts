import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Who listens on a TCP port of this machine, `nginx (process 812)`, or undefined where that cannot be told. */
export async function portOwner(port: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await linuxOwner(port)
    if (process.platform === 'darwin') return await macOwner(port)
    if (process.platform === 'win32') return await windowsOwner(port)
  } catch {
    // Without the tool or the right to look, the port's number must do.
  }
  return undefined
}

/** The first port above `port` that is free on all `addresses` and not in `except`; looks at a hundred. */
export async function nextFreePort(
  port: number,
  addresses: string[],
  except: number[] = [],
): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + 100, 65535); candidate += 1) {
    if (!except.includes(candidate) && (await isFree(candidate, addresses))) return candidate
  }
  return undefined
}

async function isFree(port: number, addresses: string[]): Promise<boolean> {
  for (const address of addresses) if (await isTaken(port, address)) return false
  return true
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT'),
    )
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}

async function linuxOwner(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holdsSocket(pid, inodes)) return inWords(await linuxCommand(pid), pid)
  }
  return 'a process of another user'
}

/** The program's file name: `comm` is the name of a thread, which programs set as they like. */
async function linuxCommand(pid: string): Promise<string> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
  return basename(program) || (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
}

/** Inodes of the sockets that listen on `port`, from a table like /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const stateListen = '0A'
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${wanted}`) && columns[3] === stateListen)
    .flatMap((columns) => columns[9] ?? [])
}

async function holdsSocket(pid: string, inodes: Set<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  // Processes of others, and those that end while we look, cannot be read.
  const descriptors = await readdir(folder).catch(() => [])
  for (const descriptor of descriptors) {
    const target = await readlink(`${folder}/${descriptor}`).catch(() => '')
    if (target.startsWith('socket:[') && inodes.has(target.slice(8, -1))) return true
  }
  return false
}

async function macOwner(port: number): Promise<string | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  return ownerInLsof(stdout)
}

/** From `lsof -Fpc`: a line `p812`, then a line `cnginx`. */
export function ownerInLsof(output: string): string | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1]
  const command = /^c(.+)$/m.exec(output)?.[1]
  return pid && command ? inWords(command, pid) : undefined
}

async function windowsOwner(port: number): Promise<string | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'])
  const pid = pidInNetstat(stdout, port)
  if (pid === undefined) return undefined
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])
  const image = /^"([^"]+)"/m.exec(tasks.stdout)?.[1]
  return inWords(image ?? 'a process', pid)
}

/** From `netstat -ano`: whoever has a listening socket (one whose far end is port 0), in any language of Windows. */
export function pidInNetstat(output: string, port: number): string | undefined {
  for (const line of output.split(/\r?\n/)) {
    const [protocol, local, far, , pid] = line.trim().split(/\s+/)
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) && far?.endsWith(':0')) return pid
  }
  return undefined
}

function inWords(command: string, pid: string): string {
  return `${command} (process ${pid})`
}
