import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { listProcesses } from '../listeners/socket-process.ts'

const run = promisify(execFile)

export interface ProcessRow {
  pid: number
  parent: number
  /** Process group; 0 on Windows, which has none. */
  group: number
  /** Start time in the system's own notation. With the pid it identifies a process: pids are reused. */
  start: string
}

/** Lists the processes of this computer. Those that end meanwhile, and zombies, are left out. */
export async function processTable(): Promise<ProcessRow[]> {
  if (process.platform === 'linux') {
    const rows = await Promise.all((await listProcesses()).map(linuxRow))
    return rows.filter((row) => row !== null)
  }
  const [file, args, parse] = process.platform === 'win32' ? windowsListing : bsdListing
  const { stdout } = await run(file, args, { maxBuffer: 16 * 1024 * 1024, windowsHide: true })
  return parse(stdout)
}

export function descendantsOf(table: ProcessRow[], root: number): ProcessRow[] {
  const children = Map.groupBy(table, ({ parent }) => parent)
  const found = table.filter(({ pid }) => pid === root)
  for (const { pid } of found)
    found.push(...(children.get(pid) ?? []).filter((child) => !found.includes(child)))
  return found
}

async function linuxRow(pid: string): Promise<ProcessRow | null> {
  return rowInStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
}

/** Parses /proc/PID/stat (proc_pid_stat(5)); the program's name in it may contain anything. */
export function rowInStat(stat: string): ProcessRow | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent, group] = fields
  // Field 22, counted from the state, which is field 3.
  const start = fields[19]
  if (state === undefined || state === 'Z' || start === undefined) return null
  return { pid: Number.parseInt(stat, 10), parent: Number(parent), group: Number(group), start }
}

const bsdListing = ['ps', ['-axo', 'pid=,ppid=,pgid=,lstart='], rowsInPs] as const
const windowsListing = [
  'powershell.exe',
  [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) 0 $($_.CreationDate.Ticks)" }',
  ],
  rowsInPs,
] as const

/** Parses lines of pid, parent, process group and start time, which may contain spaces. */
export function rowsInPs(output: string): ProcessRow[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [pid, parent, group, ...start] = line.trim().split(/\s+/)
    if (start.length === 0) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), start: start.join(' ') }]
  })
}
