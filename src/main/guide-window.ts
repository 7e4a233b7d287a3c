import { join } from 'node:path'
import type { Installation } from '../engine-process/installation.ts'
import { guideOrigin } from './app-protocol.ts'
import type { ElectronApi } from './electron-api.ts'

/** Opens the guide in a window of its own, without a preload and on another origin than the app's. */
export function createGuideWindow(
  { BrowserWindow, nativeTheme }: Pick<ElectronApi, 'BrowserWindow' | 'nativeTheme'>,
  { root }: Installation,
) {
  let window: Electron.BrowserWindow | null = null
  const open = () => {
    const opened = new BrowserWindow({
      title: 'Edgekeep guide',
      width: 1060,
      height: 820,
      minWidth: 420,
      minHeight: 360,
      autoHideMenuBar: true,
      icon: join(root, 'resources', 'icon.png'),
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
    })
    opened.on('closed', () => (window = null))
    void opened.loadURL(`${guideOrigin}/`)
    return opened
  }
  return {
    show() {
      window ??= open()
      window.show()
      window.focus()
    },
    close: () => window?.close(),
  }
}
