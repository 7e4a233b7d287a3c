import { spawnSync } from 'node:child_process'

/**
 * The command that opens a file in the person's own browser, without the file. Null on Linux where that
 * browser is a snap, which may not read hidden folders of the home and would show an error.
 */
export function findDefaultOpener(
  platform: NodeJS.Platform = process.platform,
  defaultBrowser: () => string = defaultBrowserOfDesktop,
): string[] | null {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler']
  return isSnap(defaultBrowser()) ? null : ['xdg-open']
}

function defaultBrowserOfDesktop(): string {
  const asked = spawnSync('xdg-settings', ['get', 'default-web-browser'], { encoding: 'utf8', timeout: 2000 })
  return asked.stdout ?? ''
}

/** Snaps name their desktop entries `package_app.desktop`. */
function isSnap(desktopEntry: string): boolean {
  return desktopEntry.trim().includes('_')
}
