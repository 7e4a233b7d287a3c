import type { WindowPlace } from '../contract/engine/desktop.ts'

type Open = (place: WindowPlace) => Electron.BrowserWindow

/** Handle of the app's one window, which may be closed and reopened while the app runs. */
export type MainWindowHandle = ReturnType<typeof createMainWindowHandle>

export function createMainWindowHandle() {
  let current: Electron.BrowserWindow | null = null
  let open: Open | null = null
  const listeners: ((window: Electron.BrowserWindow) => void)[] = []
  return {
    current: () => current,
    /** Sets the function that opens a window; until then `show` does nothing. */
    openWith: (given: Open) => (open = given),
    /** Called with each window that is opened, and at once with the current one. */
    onOpened(listener: (window: Electron.BrowserWindow) => void) {
      listeners.push(listener)
      if (current) listener(current)
    },
    /** Brings the window to the front, or opens one; at `place` if given. */
    show(place?: WindowPlace) {
      if (!current) {
        const opened = open?.(place ?? '/domains') ?? null
        opened?.on('closed', () => {
          if (current === opened) current = null
        })
        current = opened
        if (opened) for (const listener of listeners) listener(opened)
        return
      }
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
      if (place) current.webContents.postMessage('edgekeep:go', place, [])
    },
  }
}
