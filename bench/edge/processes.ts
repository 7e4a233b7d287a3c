import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

/** CPU seconds of a process tree, by the scheduler's count of each thread. Linux. */
export function cpuSeconds(pid: number): number {
  return sum(processTree(pid), (each) =>
    sum(readdirSync(`/proc/${each}/task`).map(Number), (thread) => {
      const nanoseconds = readFileSync(`/proc/${each}/task/${thread}/schedstat`, 'latin1').split(' ')[0]
      return Number(nanoseconds) / 1e9
    }),
  )
}

export function residentMegabytes(pid: number): number {
  return sum(processTree(pid), (each) => {
    const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'latin1'))
    return Number(line?.[1] ?? 0) / 1024
  })
}

function processTree(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readOrEmpty(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const tree = [pid]
  for (const each of tree) for (const [child, parent] of parents) if (parent === each) tree.push(child)
  return tree
}

function sum(pids: number[], value: (pid: number) => number): number {
  let total = 0
  for (const pid of pids) {
    try {
      total += value(pid)
    } catch (error) {
      if (
        (error as NodeJS.ErrnoException).code !== 'ENOENT' &&
        (error as NodeJS.ErrnoException).code !== 'ESRCH'
      )
        throw error
    }
  }
  return total
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // The process ended between listing and reading.
    return ''
  }
}

export interface ToolResult {
  ok: boolean
  output: string
  seconds: number
}

export function runTool(command: string, args: string[], timeoutSeconds = 120): Promise<ToolResult> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    execFile(command, args, { timeout: timeoutSeconds * 1000, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({
        ok: error === null,
        output: stdout + stderr,
        seconds: (performance.now() - startedAt) / 1000,
      }),
    )
  })
}

export async function isInstalled(command: string): Promise<boolean> {
  const { output } = await runTool('sh', ['-c', `command -v ${command} || true`])
  return output.trim() !== ''
}

const running = new Set<ChildProcess>()
/** Kills child processes when the bench is stopped. */
process.on('exit', () => {
  for (const child of running) child.kill()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

export async function startServer(
  command: string,
  args: string[],
  cwd: string,
  port: number,
): Promise<ChildProcess> {
  const isWatched = args.at(-1) === 'watched'
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit', ...(isWatched ? (['ipc'] as const) : [])],
    serialization: 'advanced',
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  // Messages are read and dropped, as the engine reads them.
  child.on('message', () => undefined)
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`)
    if (await accepts(port)) return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill()
  throw new Error(`${command} does not listen on ${port}`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
