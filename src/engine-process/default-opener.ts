import { spawnSync } from 'node:child_process'

export interface Command {
  program: string
  args: string[]
}

/**
 * Command that opens a file in the person's default browser, without the file. Null on Linux if that browser
 * is a snap, which may not read hidden folders of the home and would show an error.
 */
export function findDefaultOpener(
  platform: NodeJS.Platform = process.platform,
  defaultBrowser: () => string = defaultBrowserOfDesktop,
): Command | null {
  if (platform === 'darwin') return { program: 'open', args: [] }
  if (platform === 'win32') return { program: 'rundll32.exe', args: ['url.dll,FileProtocolHandler'] }
  return isSnap(defaultBrowser()) ? null : { program: 'xdg-open', args: [] }
}

function defaultBrowserOfDesktop(): string {
  const asked = spawnSync('xdg-settings', ['get', 'default-web-browser'], { encoding: 'utf8', timeout: 2000 })
  return asked.stdout ?? ''
}

/** Snaps name their desktop entries `package_app.desktop`. */
function isSnap(desktopEntry: string): boolean {
  return desktopEntry.trim().includes('_')
}
