import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { environmentForChildren } from '../../bin/private-process.mjs'
import type { DesktopProgram } from './electron-binary.ts'
import type { Home } from './home.ts'
import { windowShows } from './window-shows.ts'

export interface DesktopWindow {
  /** Resolves when the desktop app has ended; at once if a running one shows its window instead. */
  closed: Promise<void>
  close(): Promise<void>
}

type App = ChildProcessByStdio<null, Readable, null>

const showsWithinMs = 20_000

/** Starts the desktop app with absolute paths to open. Null if it does not come up. */
export async function openDesktopWindow(
  home: Home,
  { program, args }: DesktopProgram,
  files: readonly string[] = [],
): Promise<DesktopWindow | null> {
  const child = spawn(program, [...args, '--home', home.folder, ...files], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environmentForChildren(),
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(-1))
    child.once('close', (status) => resolve(status))
  })
  const closed = ended.then(() => undefined)
  if (await comesUp(child, ended)) return { closed, close: () => close(child, closed) }
  child.kill('SIGKILL')
  return null
}

/** Whether its window shows, or it exited with 0 because a running app shows its own. */
async function comesUp(child: App, ended: Promise<number | null>): Promise<boolean> {
  const timeout = new AbortController()
  const late = delay(showsWithinMs, false, { signal: timeout.signal }).catch(() => false)
  const shows = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => line === windowShows && resolve(true))
  })
  const up = await Promise.race([shows, ended.then((status) => status === 0), late])
  timeout.abort()
  return up
}

async function close(child: App, closed: Promise<void>): Promise<void> {
  if (child.exitCode === null) child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 5000)
  await closed
  clearTimeout(insist)
}
