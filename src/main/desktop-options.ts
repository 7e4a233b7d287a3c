import type { Installation } from '../engine-process/installation.ts'
import type { ElectronApi } from './electron-api.ts'
import type { Faults } from './failures.ts'
import type { Home } from '../engine-process/home-folder.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import type { EngineOptions } from '../engine-process/spawn-engine.ts'

export interface DesktopOptions {
  electron: ElectronApi
  /** Folder of `--home`; default: the usual home. */
  homeFolder: string | undefined
  /** Unmodified arguments, program first; files among them are opened in the Inspector. */
  argv: readonly string[]
  workingDirectory: string
  installation: Installation
  faults: Faults
  /** Prints a line for the process that started this one. */
  say: (line: string) => void
}

export interface AppState {
  home: Home
  folder: string
  log: DesktopLog
  window: MainWindowHandle
}

export const engineOptions: EngineOptions = { portTaken: 'next' }
