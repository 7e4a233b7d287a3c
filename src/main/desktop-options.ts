import type { Installation } from '../engine-process/installation.ts'
import type { ElectronApi } from './electron-api.ts'
import type { Faults } from './failures.ts'
import type { Home } from '../engine-process/home-folder.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { HeldWindow } from './held-window.ts'

export interface DesktopOptions {
  electron: ElectronApi
  /** The home of `--home`; absent: the usual one. */
  homeFolder: string | undefined
  /** As the process got it, the program first; files that it names are opened in the Inspector. */
  argv: readonly string[]
  workingDirectory: string
  installation: Installation
  /** Where errors come that nothing caught. */
  faults: Faults
  /** Tells the process that started this one. */
  say: (line: string) => void
}

/** What the app has of its own in the home, and its window. */
export interface Kept {
  home: Home
  folder: string
  log: DesktopLog
  window: HeldWindow
}
