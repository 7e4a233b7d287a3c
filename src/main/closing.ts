import type { ElectronApi } from './electron-api.ts'
import type { DesktopSession } from './desktop-session.ts'
import { onStay } from './unsaved.ts'
import { execFile } from 'node:child_process'

/**
 * Asks once whether closing the window ends HTTPS, if the engine serves a domain over HTTPS, and stores the
 * answer, which Settings can change. Also over the engine of another program, since the "edgekeep" of a
 * terminal ends with this app.
 */
export function askBeforeClosing(
  { dialog }: Pick<ElectronApi, 'dialog'>,
  window: Electron.BrowserWindow,
  session: DesktopSession,
  { isQuitting, isOurs }: { isQuitting: () => boolean; isOurs: () => boolean },
): void {
  let asking = false
  let decided = false
  const close = async () => {
    // Right after a start it is unknown whether anything is served.
    await session.settled()
    if (session.preferences()?.onClose === null && session.servesHttps()) {
      const onClose = await ask(dialog, window, { hasTray: await hasTrayHost(), isOurs: isOurs() })
      if (onClose === null) return
      await session.prefer({ onClose })
    }
    decided = true
    if (!window.isDestroyed()) window.close()
  }
  onStay(window, () => (decided = false))
  window.on('close', (event) => {
    if (decided || isQuitting()) return
    event.preventDefault()
    if (asking) return
    asking = true
    void close().finally(() => (asking = false))
  })
}

async function ask(
  dialog: Electron.Dialog,
  window: Electron.BrowserWindow,
  { hasTray, isOurs }: { hasTray: boolean; isOurs: boolean },
): Promise<'keep' | 'quit' | null> {
  const detail = [
    'Edgekeep then runs without a window and your domains are still served.',
    hasTray
      ? 'Its icon in the tray opens the window again.'
      : 'This desktop may show no tray icon: start Edgekeep again to open the window.',
    ...(isOurs
      ? []
      : [
          'After “Quit Edgekeep”, HTTPS goes on only as long as the program that started the engine keeps it.',
        ]),
    'You can change this in Settings.',
  ].join(' ')
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Keep HTTPS running when the window is closed?',
    detail,
    buttons: ['Keep HTTPS running', 'Quit Edgekeep', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  return response === 0 ? 'keep' : response === 1 ? 'quit' : null
}

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
