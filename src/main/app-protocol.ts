import { readFile } from 'node:fs/promises'
import { parseUrl } from '../contract/text/parse-url.ts'
import type { WindowFiles } from '../web/window-files.ts'
import { windowHeaders } from '../web/window-headers.ts'
import type { ElectronApi } from './electron-api.ts'

const scheme = 'edgekeep'
/** Custom scheme, because pages of `file:` may read each other and all share one origin. */
export const windowOrigin = `${scheme}://app`
export const guideOrigin = `${scheme}://guide`

/** Whether `url` is the window's own. `URL.origin` is opaque for schemes Node does not know. */
export function isWindowUrl(url: string): boolean {
  return isOf(windowOrigin, url)
}

export function isGuideUrl(url: string): boolean {
  return isOf(guideOrigin, url)
}

function isOf(origin: string, url: string): boolean {
  return url === origin || url.startsWith(`${origin}/`)
}

/** Gives the scheme an origin and the rights of a secure page. Must run before Electron is ready. */
export function announceScheme({ protocol }: ElectronApi): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built window at `edgekeep://app/` and its guide at `edgekeep://guide/`. */
export function serveWindow(session: Electron.Session, files: WindowFiles): void {
  session.protocol.handle(scheme, (request) => answer(request, files))
}

/**
 * Creates an unused response: the first loads Node's `fetch` in this process, for tens of milliseconds, and
 * is better created while Chromium starts the page's process than at the first request.
 */
export function warmAnswers(): void {
  void new Response(null)
}

async function answer(request: Request, files: WindowFiles): Promise<Response> {
  const path = request.method === 'GET' ? pathIn(request.url) : null
  const file = path === null ? null : files.find(path)
  if (!file) return notFound()
  const headers = { ...windowHeaders([]), 'Content-Type': file.type }
  // Files disappear when the window is rebuilt while the app runs; those are answered as not found.
  return readFile(file.path).then(
    (bytes) => new Response(bytes, { headers }),
    () => notFound(),
  )
}

function pathIn(url: string): string | null {
  const { host, pathname } = parseUrl(url) ?? { host: '', pathname: '' }
  if (host === 'app') return pathname
  if (host !== 'guide') return null
  return `/guide${pathname === '/' ? '/index.html' : pathname}`
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: windowHeaders([]) })
}

/** Whether the sender is the window's own page and not a foreign page or a frame inside the window. */
export function isOurWindow({ senderFrame, sender }: Electron.IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isWindowUrl(senderFrame.url)
}
