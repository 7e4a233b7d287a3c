import type { WindowPlace } from '../contract/window-places.ts'

type Open = (place: WindowPlace) => Electron.BrowserWindow

/** The one window of the app, which comes and goes while the app runs. */
export interface HeldWindow {
  /** Null while there is none. */
  current(): Electron.BrowserWindow | null
  /** Brings the window to the front, or opens one; at `place` where one is named. */
  show(place?: WindowPlace): void
  /** How one is opened; until this is called, `show` does nothing. */
  openWith(open: Open): void
}

export function holdMainWindow(): HeldWindow {
  let current: Electron.BrowserWindow | null = null
  let open: Open | null = null
  return {
    current: () => current,
    openWith: (given) => (open = given),
    show(place) {
      if (!current) {
        const opened = open?.(place ?? '/domains') ?? null
        opened?.on('closed', () => {
          if (current === opened) current = null
        })
        current = opened
        return
      }
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
      if (place) current.webContents.postMessage('edgekeep:go', place, [])
    },
  }
}
