import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { endProcesses, ProcessTree, signalAll } from './process-tree.ts'

/**
 * Destination of a server's output: this terminal, which it then has to itself; standard error, where
 * standard output has JSON; or lines with a prefix.
 */
export type ChildOutput = 'terminal' | 'stderr' | { prefix: string }

export interface StartedChild {
  tree: ProcessTree
  /** Exit status; for a signal as a shell has it. What it left running has ended too. */
  ended: Promise<number>
  /**
   * Ends it and all that it started by SIGTERM at once, since a shell or npm may pass on no signal. SIGKILL comes
   * after a grace period.
   */
  stop(): Promise<void>
}

/** Grace period of a server that ends in order, such as containers. */
const stopGraceMs = 8000

/** @throws `run.not_started` */
export async function startChild(
  argv: string[],
  { folder, env, output }: { folder: string; env: NodeJS.ProcessEnv; output: ChildOutput },
): Promise<StartedChild> {
  const [program = '', ...args] = argv
  // Windows starts batch files such as npm.cmd in a shell alone.
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: stdioFor(output),
    shell: process.platform === 'win32',
  })
  const pid = await started(child, program)
  if (typeof output === 'object') prefixLines(child, output.prefix)
  const tree = new ProcessTree(pid)
  const exited = new Promise<number>((resolve) =>
    child.once('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal ?? 'SIGKILL'])),
  )
  return {
    tree,
    ended: exited.then(async (status) => {
      await endProcesses(tree.known())
      return status
    }),
    async stop() {
      await tree.refresh()
      child.kill('SIGTERM')
      await signalAll(
        tree.known().filter((each) => each.pid !== pid),
        'SIGTERM',
      )
      const late = delay(stopGraceMs, 'late', { ref: false })
      if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL')
      await exited
    },
  }
}

function stdioFor(output: ChildOutput): StdioOptions {
  if (output === 'terminal') return 'inherit'
  return output === 'stderr' ? ['inherit', 2, 2] : ['ignore', 'pipe', 'pipe']
}

function started(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'there is no such program' : `the system says ${error.code}`
      reject(new EdgekeepError('run.not_started', { program, reason }, { cause: error }))
    })
  })
}

/** Passes lines on as they are, with their colours. */
function prefixLines({ stdout, stderr }: ChildProcess, prefix: string): void {
  const pass = (from: Readable | null, to: NodeJS.WriteStream) =>
    from && createInterface({ input: from }).on('line', (line) => to.write(`${prefix}${line}\n`))
  pass(stdout, process.stdout)
  pass(stderr, process.stderr)
}
