import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface DesktopEnvironment {
  /** Prefix of the command. */
  before: string[]
  /** The checkout, or a copy that the ordinary user can read. */
  folder: string
  environment: NodeJS.ProcessEnv
  end: () => void
}

const ordinaryUser = 'nobody'
/** Large enough for every window width of the tests. */
const screen = '1920x1200x24'

/**
 * Prepares a display (Xvfb if there is none and Xvfb is installed), and an ordinary user, since Chromium's
 * sandbox does not run as root. `work` is a folder for temporary files.
 */
export function desktopEnvironment(work: string): DesktopEnvironment {
  const { before, folder, environment, end } = asOrdinaryUser(work)
  return { before: [...before, ...onSomeDisplay()], folder, environment, end }
}

function onSomeDisplay(): string[] {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY || !isCommand('xvfb-run')) return []
  return ['xvfb-run', '--auto-servernum', `--server-args=-screen 0 ${screen}`]
}

function asOrdinaryUser(work: string): DesktopEnvironment {
  const here = process.cwd()
  const asIs: DesktopEnvironment = {
    before: [],
    folder: here,
    environment: process.env,
    end: () => undefined,
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isCommand('setpriv')) return asIs
  const user = idOf('-u')
  const group = idOf('-g')
  if (user === null || group === null) return asIs
  const home = mkdtempSync(path.join(tmpdir(), 'edgekeep-desktop-'))
  // An ordinary user can write neither into the checkout nor into root's temporary folders.
  const wanted = process.env.EDGEKEEP_PICTURES
  const pictures = path.join(home, 'pictures')
  mkdirSync(pictures)
  for (const folder of [home, pictures]) chownSync(folder, user, group)
  chmodSync(work, 0o777)
  const before = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups']
  return {
    before,
    folder: readable(here, before) ? here : copyFor(home, here),
    environment: {
      ...process.env,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      XAUTHORITY: '',
      ...(wanted ? { EDGEKEEP_PICTURES: pictures } : {}),
    },
    end() {
      if (wanted) cpSync(pictures, wanted, { recursive: true })
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function readable(folder: string, asUser: string[]): boolean {
  const [command, ...args] = [...asUser, 'test', '-r', path.join(folder, 'package.json')]
  return spawnSync(command, args).status === 0
}

/** Copies the checkout for the user, if only root can read its folder. */
function copyFor(home: string, checkout: string): string {
  const copy = path.join(home, 'checkout')
  console.log('The ordinary user cannot read this folder; the tests of the desktop app run in a copy.')
  cpSync(checkout, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith('/.git'),
  })
  spawnSync('chmod', ['-R', 'a+rX', copy])
  return copy
}

function idOf(flag: '-u' | '-g'): number | null {
  const run = spawnSync('id', [flag, ordinaryUser], { encoding: 'utf8' })
  return run.status === 0 ? Number(run.stdout) : null
}

function isCommand(name: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, name)))
}
