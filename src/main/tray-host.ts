import { execFile } from 'node:child_process'

const watcher = 'org.kde.StatusNotifierWatcher'
const bus = 'org.freedesktop.DBus'
const timeoutMs = 1000

/** Programs that ask the session bus whether a name has an owner; a desktop has at least one of them. */
const queries: [program: string, args: string[]][] = [
  ['gdbus', ['call', '--session', '-d', bus, '-o', '/', '-m', `${bus}.NameHasOwner`, watcher]],
  ['busctl', ['--user', 'call', bus, '/', bus, 'NameHasOwner', 's', watcher]],
  [
    'dbus-send',
    ['--session', '--print-reply', `--dest=${bus}`, '/', `${bus}.NameHasOwner`, `string:${watcher}`],
  ],
]

/**
 * Whether this desktop is known to show tray icons (StatusNotifierItem specification). Plain GNOME shows
 * none. A tray of the older kind (XEmbed) shows the icon too, but detecting it would need an X client.
 */
export async function hasTrayHost(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true
  for (const [program, args] of queries) {
    const answer = await outputOf(program, args)
    if (answer !== null) return /\btrue\b/.test(answer)
  }
  return false
}

/** Null if the program is missing or fails, as without a session bus. */
function outputOf(program: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: timeoutMs }, (error, stdout) => resolve(error ? null : stdout))
  })
}
