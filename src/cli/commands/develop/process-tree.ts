import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { descendantsOf, processTable, type ProcessRow } from '../../../platform/processes/process-table.ts'

export type KnownProcess = Pick<ProcessRow, 'pid' | 'start'>

/** A process and its descendants, remembered beyond the end of their parents. */
export class ProcessTree {
  readonly root: number
  readonly #known = new Map<number, ProcessRow>()

  constructor(root: number) {
    this.root = root
  }

  /** Reads the tree anew. Returns the pids of those that run. */
  async refresh(): Promise<number[]> {
    // Without the system's tool, the process itself has to do.
    const rows = descendantsOf(await processTable().catch(() => []), this.root)
    for (const row of rows) this.#known.set(row.pid, row)
    return rows.length > 0 ? rows.map(({ pid }) => pid) : [this.root]
  }

  /** All that were seen, without those in a process group of their own: a daemon outlives its starter. */
  known(): KnownProcess[] {
    const group = this.#known.get(this.root)?.group
    return [...this.#known.values()].filter((row) => row.group === group)
  }
}

const termGraceMs = 1500
const lookEveryMs = 100

/**
 * Ends those of the processes that still run, and what these have started in their process group since they were
 * noted, by SIGTERM and then SIGKILL. Returns their number.
 */
export async function endProcesses(processes: KnownProcess[]): Promise<number> {
  const found = await withLater(processes)
  if (found.length === 0) return 0
  const until = performance.now() + termGraceMs
  await signalAll(found, 'SIGTERM')
  let left = await alive(found)
  while (left.length > 0 && performance.now() < until) {
    await delay(lookEveryMs)
    left = await alive(left)
  }
  await signalAll(left, 'SIGKILL')
  return found.length
}

async function withLater(processes: KnownProcess[]): Promise<KnownProcess[]> {
  if (processes.length === 0) return []
  const table = await processTable()
  const found = running(table, processes).flatMap(({ pid }) => {
    const [root, ...later] = descendantsOf(table, pid)
    return root ? [root, ...later.filter(({ group }) => group === root.group)] : []
  })
  return [...new Set(found)]
}

/** Those that still run: the same pid with the same start time. */
export async function alive<P extends KnownProcess>(processes: P[]): Promise<P[]> {
  return processes.length === 0 ? [] : running(await processTable(), processes)
}

function running<P extends KnownProcess>(table: ProcessRow[], processes: P[]): P[] {
  const starts = new Map(table.map(({ pid, start }) => [pid, start]))
  return processes.filter(({ pid, start }) => starts.get(pid) === start)
}

export async function signalAll(processes: KnownProcess[], signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of processes) {
    try {
      if (process.platform === 'win32') await run('taskkill', ['/F', '/PID', String(pid)])
      else process.kill(pid, signal)
    } catch {
      // It ended meanwhile.
    }
  }
}

const run = promisify(execFile)
