import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { autostartMark, autostartPlace } from '../contract/engine/autostart-place.ts'
import type { ElectronApi } from './electron-api.ts'

/** Starts without a window, for the session of the person who just logged in. */
export const hidden = '--hidden'

export interface LoginStart {
  /** Data folder of the app that starts: each has an entry of its own. */
  dataFolder: string
  program: string
  args: readonly string[]
}

/**
 * Returns a function that turns the start at login on or off. A removed entry is written again (Linux); other
 * systems' login items are set only when the preference has changed.
 */
export function loginItem(
  { app }: Pick<ElectronApi, 'app'>,
  { dataFolder, program, args }: LoginStart,
): (wanted: boolean) => void {
  if (process.platform === 'linux') {
    const file = autostartPlace(process.env, homedir(), dataFolder)
    return (wanted) => setAutostart(file, wanted, [program, ...args, hidden])
  }
  let latest: boolean | null = null
  return (wanted) => {
    if (wanted === latest) return
    latest = wanted
    app.setLoginItemSettings({ openAtLogin: wanted, path: program, args: [...args, hidden] })
  }
}

/** Writes the entry, or removes it. An unchanged one is left alone. */
export function setAutostart(file: string, wanted: boolean, command: readonly string[]): void {
  if (!wanted) return rmSync(file, { force: true })
  const text = autostartEntry(command)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, text, { mode: 0o644 })
}

function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Edgekeep',
    autostartMark,
    `Exec=${command.map(quoted).join(' ')}`,
    'Icon=edgekeep',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/**
 * Quotes by the Desktop Entry Specification, "The Exec key": inside quotes, a backslash before shell
 * characters; the value itself is a string, in which each backslash is doubled; a percent sign is doubled.
 */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_./=:@+,-]+$/.test(word)) return word
  const inQuotes = word.replaceAll(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll('\\', '\\\\')
  return `"${inQuotes.replaceAll('%', '%%')}"`
}
