import type { Home } from '../launch/home-folder.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { HeldWindow } from './held-window.ts'

/** What the app has of its own in the home, and its window. */
export interface Kept {
  home: Home
  folder: string
  log: DesktopLog
  window: HeldWindow
}
