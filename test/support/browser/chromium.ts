import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { installDebianPackage } from '../processes/debian-packages.ts'

const names = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'],
}

/** Chromium-based browser of this computer; `CHROME_PATH` overrides. */
function findChromium(): string | undefined {
  return candidates().find((file) => isExecutable(file))
}

/** Path of the browser; installs Debian's `chromium` where possible, else throws. */
export function requireChromium(): string {
  const found = findChromium() ?? (installDebianPackage('chromium') ? findChromium() : undefined)
  if (found) return found
  throw new Error(
    'The e2e tests need a browser: install Chromium, Chrome or Edge, or set CHROME_PATH to one, and run again.',
  )
}

function candidates(): string[] {
  if (process.env.CHROME_PATH) return [process.env.CHROME_PATH]
  if (process.platform === 'win32') return fromFolders(windowsFolders(), names.win32)
  if (process.platform === 'darwin') return names.darwin
  return fromFolders((process.env.PATH ?? '').split(path.delimiter), names.linux)
}

function fromFolders(folders: string[], files: string[]): string[] {
  return files.flatMap((file) => folders.map((folder) => path.join(folder, file)))
}

function windowsFolders(): string[] {
  const { PROGRAMFILES, LOCALAPPDATA } = process.env
  return [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA].filter((each) => each !== undefined)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
