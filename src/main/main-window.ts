import { join } from 'node:path'
import type { WindowPlace } from '../contract/engine/desktop.ts'
import type { Installation } from '../engine-process/installation.ts'
import { windowOrigin } from './app-protocol.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { ElectronApi } from './electron-api.ts'
import { reviveWindow } from './failures.ts'
import { askOverUnsaved } from './unsaved.ts'
import { keepPlace, storedPlace } from './window-place.ts'

const paper = { light: '#f5f6f8', dark: '#111318' }

/** Size of the first window in device-independent pixels, cut to the screen: at scale 2 many are smaller. */
const firstSize = { width: 1280, height: 860 }

export interface MainWindowOptions {
  installation: Installation
  folder: string
  log: DesktopLog
  place: WindowPlace
  shows: () => void
}

/** Opens the window, sandboxed and isolated, at its last position. */
export function openMainWindow(
  electron: ElectronApi,
  { installation: { root }, folder, log, place, shows }: MainWindowOptions,
): Electron.BrowserWindow {
  const { app, BrowserWindow, nativeTheme, screen } = electron
  const stored = storedPlace(electron, folder)
  const { width, height } = screen.getPrimaryDisplay().workArea
  const window = new BrowserWindow({
    title: 'Edgekeep',
    ...(stored
      ? { x: stored.x, y: stored.y, width: stored.width, height: stored.height }
      : { width: Math.min(firstSize.width, width), height: Math.min(firstSize.height, height) }),
    minWidth: 720,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    icon: join(root, 'resources', 'icon.png'),
    // Background until the page has painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? paper.dark : paper.light,
    webPreferences: {
      preload: join(root, 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (stored)
    window.webContents.on('did-finish-load', () => window.webContents.setZoomLevel(stored.zoomLevel))
  keepPlace(window, folder, (error) => log.warn({ err: error }, 'Window position not saved'))
  reviveWindow(electron, window, log)
  askOverUnsaved(electron, window)
  offerContextMenu(electron, window.webContents)
  window.once('ready-to-show', () => {
    if (stored?.isMaximized) window.maximize()
    window.show()
    shows()
  })
  void window.loadURL(`${windowOrigin}/#${place}`)
  return window
}

/** Native menu for text with cut, copy and paste if available; no menu elsewhere. */
function offerContextMenu({ Menu }: Pick<ElectronApi, 'Menu'>, contents: Electron.WebContents): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    const template: Electron.MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'undo', enabled: editFlags.canUndo },
          { role: 'redo', enabled: editFlags.canRedo },
          { type: 'separator' },
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'paste', enabled: editFlags.canPaste },
          { type: 'separator' },
          { role: 'selectAll', enabled: editFlags.canSelectAll },
        ]
      : selectionText.trim() === ''
        ? []
        : [{ role: 'copy', enabled: editFlags.canCopy }]
    if (template.length > 0) Menu.buildFromTemplate(template).popup()
  })
}
