import { readFile } from 'node:fs/promises'
import { parseUrl } from '../contract/parse-url.ts'
import type { WindowFiles } from '../web/window-files.ts'
import { windowHeaders } from '../web/window-headers.ts'
import type { ElectronApi } from './electron-api.ts'

const SCHEME = 'edgekeep'
/** The window's origin. A scheme of our own: pages of `file:` may read each other, and all share one origin. */
export const WINDOW_ORIGIN = `${SCHEME}://app`

/** Whether `url` is the window's own. `URL.origin` is opaque for schemes Node does not know. */
export function isWindowUrl(url: string): boolean {
  return url === WINDOW_ORIGIN || url.startsWith(`${WINDOW_ORIGIN}/`)
}

/** Gives the scheme an origin and the rights of a secure page. To be called before Electron is ready. */
export function announceScheme({ protocol }: ElectronApi): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built window at `edgekeep://app/`. */
export function serveWindow(session: Electron.Session, files: WindowFiles): void {
  session.protocol.handle(SCHEME, (request) => answer(request, files))
}

async function answer(request: Request, files: WindowFiles): Promise<Response> {
  const { host, pathname } = parseUrl(request.url) ?? { host: '', pathname: '' }
  const file = host === 'app' && request.method === 'GET' ? files.find(pathname) : null
  if (!file) return notFound()
  const headers = { ...windowHeaders([]), 'Content-Type': file.type }
  // The window was built anew under us; what is gone is not found.
  return readFile(file.path).then(
    (bytes) => new Response(bytes, { headers }),
    () => notFound(),
  )
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: windowHeaders([]) })
}
