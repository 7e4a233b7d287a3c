import { join } from 'node:path'
import type { Installation } from '../launch/installation.ts'
import { WINDOW_ORIGIN } from './app-protocol.ts'
import type { ElectronApi } from './electron-api.ts'

const PAPER = { light: '#ffffff', dark: '#1a1b1e' }

/** Opens the window, sandboxed and isolated. `shows` is called once it can be seen. */
export function openMainWindow(
  { app, BrowserWindow, nativeTheme }: ElectronApi,
  { root }: Installation,
  shows: () => void,
): void {
  const window = new BrowserWindow({
    title: 'Edgekeep',
    width: 1280,
    height: 860,
    minWidth: 720,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    icon: join(root, 'resources', 'icon.png'),
    // What is seen until the page has painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
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
  window.once('ready-to-show', () => {
    window.show()
    shows()
  })
  void window.loadURL(`${WINDOW_ORIGIN}/`)
}
