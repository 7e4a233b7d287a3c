import { openBrowserWindow } from './browser-window.ts'
import { openDesktopWindow, type DesktopWindow } from './desktop-window.ts'
import { chromiumRefusesUser, hasDisplay, rootHasNoWindow } from './display.ts'
import { fetchDesktopProgram, findDesktopProgram } from './electron-binary.ts'
import type { Home } from './home.ts'
import { findInstallation, type Installation } from './installation.ts'

export interface WindowHandle {
  kind: 'desktop' | 'browser'
  /** Browser address of the window with a one-time token; null for the desktop app. */
  url: string | null
  /** Resolves when the person has closed the desktop app; never for a browser, which may come back. */
  closed: Promise<void>
  close(): Promise<void>
}

export interface OpenWindowOptions {
  home: Home
  preferBrowser?: boolean
  /** Absolute paths of files and folders for the Inspector; only the desktop app accepts them. */
  files?: readonly string[]
  out: (line: string) => void
}

/**
 * Opens the window on the running engine of `home`: the desktop app if there is a display and Electron's
 * program is there or downloadable, else the browser host, whose address `out` prints.
 */
export async function openWindow({
  home,
  preferBrowser,
  files = [],
  out,
}: OpenWindowOptions): Promise<WindowHandle> {
  const installation = findInstallation()
  const mayUseDesktop = !preferBrowser && hasDisplay()
  const desktop = mayUseDesktop ? await tryDesktop(home, installation, { files, out }) : null
  if (desktop) return { kind: 'desktop', url: null, ...desktop }
  if (files.length > 0)
    out('A browser cannot be handed the files: drop them on the window, or see "edgekeep inspect --help".')
  return openInBrowser(home, installation, out)
}

async function tryDesktop(
  home: Home,
  installation: Installation,
  { files, out }: { files: readonly string[]; out: (line: string) => void },
): Promise<DesktopWindow | null> {
  if (installation.kind === 'npm') return null
  if (chromiumRefusesUser()) {
    out(rootHasNoWindow)
    return null
  }
  const program = findDesktopProgram(installation) ?? (await fetchDesktopProgram(installation))
  if (!program) {
    out(
      'The desktop app cannot be fetched now; the window opens in a browser. ("npx install-electron" fetches it, however long it takes.)',
    )
    return null
  }
  const window = await openDesktopWindow(home, program, files)
  if (!window) out('The desktop app does not start here; the window opens in a browser.')
  return window
}

async function openInBrowser(
  home: Home,
  { rendererFolder }: Installation,
  out: (line: string) => void,
): Promise<WindowHandle> {
  const { startWebHost } = await import('../web/web-host.ts')
  const host = await startWebHost({ home, rendererFolder })
  out(`Window: ${host.url}`)
  out('        (opens once, within ten minutes; run "edgekeep" again for another)')
  // The browser gets a token of its own: the printed one stays valid for the person.
  const browser = hasDisplay() ? await openBrowserWindow(home, host.newUrl()) : null
  return {
    kind: 'browser',
    url: host.url,
    closed: new Promise(() => undefined),
    async close() {
      browser?.close()
      await host.close()
    },
  }
}
