import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface HostEnvironment {
  environment: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  exists?: (path: string) => boolean
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
  'vivaldi-stable',
]
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser', 'Vivaldi']
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
  'Chromium\\Application\\chrome.exe',
]

/** First installed browser of the Chromium family, which opens a page in its own window with `--app=`. */
export function findAppBrowser(host: Partial<HostEnvironment> = {}): string | null {
  const { environment = process.env, platform = process.platform, exists = existsSync } = host
  const candidates = candidatesOn(platform, environment)
  return candidates.find((path) => exists(path) && !isConfined(path)) ?? null
}

function candidatesOn(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') return macCandidates(environment)
  if (platform === 'win32') return windowsCandidates(environment)
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function macCandidates(environment: NodeJS.ProcessEnv): string[] {
  const folders = ['/Applications', ...(environment['HOME'] ? [`${environment['HOME']}/Applications`] : [])]
  return macApps.flatMap((name) => folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`))
}

function windowsCandidates(environment: NodeJS.ProcessEnv): string[] {
  const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap(
    (name) => environment[name] ?? [],
  )
  return windowsPrograms.flatMap((program) => folders.map((folder) => `${folder}\\${program}`))
}

/** Whether it is a snap, which cannot read hidden folders of the home, where its page and profile are. */
function isConfined(path: string): boolean {
  if (path.startsWith('/snap/')) return true
  return existsSync(path) && realpathSync(path).endsWith('/snap')
}
