import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { autostartMark, autostartPlace } from '../contract/rules/autostart-place.ts'
import type { ElectronApi } from './electron-api.ts'

/** Starts without a window, for the session of the person who just logged in. */
export const hidden = '--hidden'

export interface LoginStart {
  /** The program, and the words that start this app with it. */
  program: string
  words: readonly string[]
}

/** Makes the system start the app when the person logs in, or stop doing so. */
export function setStartAtLogin(
  { app }: Pick<ElectronApi, 'app'>,
  wanted: boolean,
  { program, words }: LoginStart,
): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, path: program, args: [...words, hidden] })
    return
  }
  setAutostart(autostartPlace(process.env, homedir()), wanted, [program, ...words, hidden])
}

/** Writes the entry, or removes it. One that is as wanted is left alone. */
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
 * Desktop Entry Specification, "The Exec key": inside quotes, a backslash before what a shell would read;
 * the value itself is a string, in which each backslash is written twice; a percent sign stands as two.
 */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_./=:@+,-]+$/.test(word)) return word
  const inQuotes = word.replaceAll(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll('\\', '\\\\')
  return `"${inQuotes.replaceAll('%', '%%')}"`
}
