import type { WindowPlace } from '../contract/engine/desktop.ts'

type Open = (place: WindowPlace) => Electron.BrowserWindow

/** Handle of the app's one window, which may be closed and reopened while the app runs. */
export interface MainWindowHandle {
  current(): Electron.BrowserWindow | null
  /** Brings the window to the front, or opens one; at `place` if given. */
  show(place?: WindowPlace): void
  /** Sets the function that opens a window; until then `show` does nothing. */
  openWith(open: Open): void
  /** Called with each window that is opened, and at once with the current one. */
  onOpened(listener: (window: Electron.BrowserWindow) => void): void
}

export function createMainWindowHandle(): MainWindowHandle {
  let current: Electron.BrowserWindow | null = null
  let open: Open | null = null
  const listeners: ((window: Electron.BrowserWindow) => void)[] = []
  return {
    current: () => current,
    openWith: (given) => (open = given),
    onOpened(listener) {
      listeners.push(listener)
      if (current) listener(current)
    },
    show(place) {
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
