import { findInstallation } from '../engine-process/installation.ts'
import type { Home } from '../engine-process/home.ts'
import { startWebHost, type WebHost } from '../web/web-host.ts'

export function serveWindow(home: Home): Promise<WebHost> {
  return startWebHost({ home, rendererFolder: findInstallation().rendererFolder })
}
