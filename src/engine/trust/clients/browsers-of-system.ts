import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemPath, type HostEnvironment } from '../../../platform/commands/host-environment.ts'

const applications: [bundle: string, name: string][] = [
  ['Safari.app', 'Safari'],
  ['Google Chrome.app', 'Google Chrome'],
  ['Chromium.app', 'Chromium'],
  ['Microsoft Edge.app', 'Microsoft Edge'],
  ['Brave Browser.app', 'Brave'],
  ['Vivaldi.app', 'Vivaldi'],
  ['Arc.app', 'Arc'],
  ['Opera.app', 'Opera'],
]

const windowsPrograms: [path: string, name: string][] = [
  ['Google/Chrome/Application/chrome.exe', 'Google Chrome'],
  ['Chromium/Application/chrome.exe', 'Chromium'],
  ['Microsoft/Edge/Application/msedge.exe', 'Microsoft Edge'],
  ['BraveSoftware/Brave-Browser/Application/brave.exe', 'Brave'],
  ['Vivaldi/Application/vivaldi.exe', 'Vivaldi'],
]

/** Browsers of macOS and Windows except Firefox, each once, at their default locations. */
export function browsersOfSystem(hostEnvironment: HostEnvironment): { name: string; path: string }[] {
  const { platform, home, env } = hostEnvironment
  if (platform === 'darwin') {
    const folders = [systemPath(hostEnvironment, '/Applications'), join(home, 'Applications')]
    return thoseThere(applications, folders)
  }
  const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
  return thoseThere(
    windowsPrograms,
    folders.filter((folder) => folder !== undefined),
  )
}

function thoseThere(places: [path: string, name: string][], folders: string[]) {
  return places.flatMap(([place, name]) => {
    const path = folders.map((folder) => join(folder, place)).find(existsSync)
    return path ? [{ name, path }] : []
  })
}
