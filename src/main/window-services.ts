import { basename, join } from 'node:path'
import type { UpdateState } from '../contract/engine/updates.ts'
import type { Home } from '../engine-process/home.ts'
import type { Installation } from '../engine-process/installation.ts'
import { applicationMenu } from './application-menu.ts'
import type { DesktopLog } from './desktop-log.ts'
import { askWhereToSave } from './downloads.ts'
import type { ElectronApi } from './electron-api.ts'
import type { EngineConnection } from './engine-connection.ts'
import { createGuideWindow } from './guide-window.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { takeCommands } from './page-commands.ts'
import { relayPorts } from './port-relay.ts'
import type { Updates } from './updates/updates.ts'

export interface WindowServices {
  installation: Installation
  /** Null for an unusable home. */
  home: Home | null
  log: DesktopLog
  logFolder: string | null
  connection: Pick<EngineConnection, 'problem' | 'onChange'>
  /** Null without a home to download into. */
  updates: Updates | null
  retry: () => void
}

export function attendWindows(
  electron: ElectronApi,
  handle: MainWindowHandle,
  options: WindowServices,
): void {
  const { app, session, shell, Menu } = electron
  const { installation, log, logFolder } = options
  let savedPath: string | null = null
  askWhereToSave(electron, session.defaultSession, (path) => {
    savedPath = path
    handle.current()?.webContents.postMessage('edgekeep:saved', basename(path), [])
  })
  relayPorts(electron, {
    ...options,
    failed: (error) => log.error({ err: error }, 'Page not connected to the engine'),
  })
  const guide = createGuideWindow(electron, installation)
  handle.onOpened((window) => void window.on('closed', () => guide.close()))
  const showLogs = () => {
    if (logFolder !== null) void shell.openPath(logFolder)
  }
  takeCommands(electron, handle, {
    'retry-engine': options.retry,
    'show-logs': showLogs,
    'show-guide': guide.show,
    'show-saved': () => {
      if (savedPath !== null) shell.showItemInFolder(savedPath)
    },
    'updates-look': () => postUpdates(handle, options.updates?.state()),
    'updates-check': () => void options.updates?.check(),
    'updates-download': () => void options.updates?.download(),
    'updates-cancel': () => options.updates?.cancel(),
    'updates-restart': () => options.updates?.restart(),
  })
  Menu.setApplicationMenu(
    applicationMenu(electron, {
      icon: join(installation.root, 'resources', 'icon.png'),
      go: (place) => handle.show(place),
      // A window that opens for the command shows the page with its button.
      command(command, place) {
        const page = handle.current()?.webContents
        handle.show(page ? undefined : place)
        page?.postMessage('edgekeep:menu', command, [])
      },
      showGuide: guide.show,
      showLogs: logFolder === null ? null : showLogs,
      quit: () => app.quit(),
    }),
  )
}

export function postUpdates(window: MainWindowHandle, state: UpdateState | undefined): void {
  if (state) window.current()?.webContents.postMessage('edgekeep:updates', state, [])
}
