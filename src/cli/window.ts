import { findInstallation } from '../launch/installation.ts'
import type { Home } from '../launch/home.ts'
import { startWebHost, type WebHost } from '../web/web-host.ts'

/** Serves the window of this installation to browsers of this computer. */
export function serveWindow(home: Home): Promise<WebHost> {
  return startWebHost({ home, rendererFolder: findInstallation().rendererFolder })
}
