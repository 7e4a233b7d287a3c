import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

export interface RunningEdgekeep {
  /** Its folder, with the vault and the logs. */
  home: string
  httpsPort: number
  httpPort: number
  /** The window's address, good once. */
  windowUrl: string
  /** Runs another command on the same home; its answer and exit status. */
  command(...words: string[]): Promise<{ status: number | null; answer: Record<string, unknown> }>
  stop(): Promise<void>
}

/** The product as a person starts it, `edgekeep up`, on a home and ports of its own. */
export async function startEdgekeep(): Promise<RunningEdgekeep> {
  const home = mkdtempSync(path.join(tmpdir(), 'edgekeep-home-'))
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  const up = edgekeep(home, ['up', '--https-port', `${httpsPort}`, '--http-port', `${httpPort}`])
  const { ok, ui, error } = JSON.parse(await firstLine(up)) as { ok: boolean; ui: string; error?: unknown }
  if (!ok) throw new Error(`Edgekeep did not start: ${JSON.stringify(error)}`)
  return {
    home,
    httpsPort,
    httpPort,
    windowUrl: ui,
    async command(...words) {
      const child = edgekeep(home, words)
      const [line, status] = await Promise.all([firstLine(child), exited(child)])
      return { status, answer: JSON.parse(line) as Record<string, unknown> }
    },
    async stop() {
      const ended = exited(up)
      up.kill('SIGINT')
      await ended
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function edgekeep(home: string, words: string[]): ChildProcess {
  const program = path.resolve('bin', 'edgekeep.mjs')
  return spawn(process.execPath, [program, '--home', home, '--json', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status) => reject(new Error(`Edgekeep ended with ${status} and said nothing`)))
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve)
  })
}

function exited(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}
