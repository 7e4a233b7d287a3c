import type { ElectronApi } from './electron-api.ts'

/** Asks the person, because Electron silently keeps a window open whose page has unsaved edits. */
export function askOverUnsaved(
  { dialog }: Pick<ElectronApi, 'dialog'>,
  window: Electron.BrowserWindow,
): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Close the window and lose the unsaved changes?',
      detail: 'Settings of a domain were changed and not saved.',
      buttons: ['Keep editing', 'Close and lose them'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    // Preventing this event lets the window close.
    if (answer === 1) event.preventDefault()
  })
}

/**
 * Calls `act` each time the person keeps the window open over unsaved edits, which cancels a quit too.
 * Registered after `askOverUnsaved`, whose listener runs first.
 */
export function onStay(window: Electron.BrowserWindow, act: () => void): void {
  window.webContents.on('will-prevent-unload', (event) => {
    if (!event.defaultPrevented) act()
  })
}
