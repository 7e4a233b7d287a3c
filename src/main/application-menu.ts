import type { ElectronApi } from './electron-api.ts'

/** macOS takes the shortcuts of copy, paste and quit from the menu; elsewhere they work without one. */
export function applicationMenu({ Menu }: ElectronApi): Electron.Menu | null {
  if (process.platform !== 'darwin') return null
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
}
