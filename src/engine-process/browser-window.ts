import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { findAppBrowser } from './app-browser.ts'
import { findDefaultOpener, type Command } from './default-opener.ts'
import { chromiumRefusesUser } from './display.ts'
import type { Home } from './home.ts'
import { environmentForChildren } from '../../bin/private-process.mjs'

export interface BrowserWindow {
  close(): void
}

export interface Browsers {
  /** Browser of the Chromium family, for a window of its own. */
  app: string | null
  /** Command for the person's default browser, without the address. */
  opener: Command | null
}

/** Time within which a browser that cannot start exits. */
const failureShowsMs = 1500

/**
 * Opens `url` as an app window of an installed browser, else in the default browser. Null if neither starts.
 *
 * The URL holds a token, and every user of the computer can read the arguments of every process: the browser
 * gets a file that only this user can read, and the file redirects to the URL.
 */
export async function openBrowserWindow(
  home: Home,
  url: string,
  browsers: Browsers = installedBrowsers(),
): Promise<BrowserWindow | null> {
  const page = join(home.folder, 'open-window.html')
  rmSync(page, { force: true })
  writeFileSync(page, pageThatLeadsTo(url), { mode: 0o600, flag: 'wx' })
  const child = await firstThatStarts(commandsToOpen(pathToFileURL(page).href, home, browsers))
  const close = () => {
    rmSync(page, { force: true })
    if (child?.exitCode === null && process.platform !== 'win32') child.kill('SIGTERM')
  }
  if (child) return { close }
  close()
  return null
}

function installedBrowsers(): Browsers {
  return { app: chromiumRefusesUser() ? null : findAppBrowser(), opener: findDefaultOpener() }
}

function pageThatLeadsTo(url: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Edgekeep</title><meta http-equiv="refresh" content="0;url=${url}">\n`
}

/** Preferred first. A profile of its own keeps other sites and extensions out and lets the window close. */
function commandsToOpen(address: string, home: Home, { app, opener }: Browsers): Command[] {
  const profile = join(home.folder, 'window-profile')
  const flags = ['--no-first-run', '--no-default-browser-check', '--window-size=1280,860']
  return [
    ...(app ? [{ program: app, args: [`--app=${address}`, `--user-data-dir=${profile}`, ...flags] }] : []),
    ...(opener ? [{ program: opener.program, args: [...opener.args, address] }] : []),
  ]
}

async function firstThatStarts(commands: Command[]): Promise<ChildProcess | null> {
  for (const { program, args } of commands) {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env: environmentForChildren() })
    if (await starts(child)) return child
  }
  return null
}

/** Whether it still runs or exited with 0, having handed over to a running browser. */
async function starts(child: ChildProcess): Promise<boolean> {
  child.unref()
  const timeout = new AbortController()
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (status) => resolve(status === 0))
  })
  const runs = delay(failureShowsMs, true, { signal: timeout.signal }).catch(() => true)
  const started = await Promise.race([ended, runs])
  timeout.abort()
  return started
}
