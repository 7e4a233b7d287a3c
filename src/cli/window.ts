import { findInstallation } from '../engine-process/installation.ts'
import type { Home } from '../engine-process/home.ts'
import { startWebHost, type WebHost } from '../web/web-host.ts'

/** Serves the window of this installation to browsers of this computer. */
export function serveWindow(home: Home): Promise<WebHost> {
  return startWebHost({ home, rendererFolder: findInstallation().rendererFolder })
}
