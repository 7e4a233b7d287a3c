import { parseUrl } from '../contract/text/parse-url.ts'
import { isGuideUrl, isWindowUrl } from './app-protocol.ts'

/** Schemes that the window may load: its own files, its own downloads, and Chromium's developer tools. */
const schemes = ['edgekeep:', 'blob:', 'devtools:']

/** Blocks every network request, and every permission except writing to the clipboard. */
export function lockDownSession(session: Electron.Session): void {
  const isGranted = (permission: string, asker: string | undefined) =>
    permission === 'clipboard-sanitized-write' && isWindowUrl(asker ?? '')
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(isGranted(permission, contents.getURL())),
  )
  session.setPermissionCheckHandler((contents, permission) => isGranted(permission, contents?.getURL()))
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((request, decide) =>
    decide({ cancel: !schemes.some((scheme) => request.url.startsWith(scheme)) }),
  )
}

/** Blocks navigation away from window or guide, second windows and guest pages. */
export function lockDownContents(
  contents: Electron.WebContents,
  shell: Pick<Electron.Shell, 'openExternal'>,
): void {
  const stay = (event: { preventDefault(): void; url: string }) => {
    const isOwn = isGuideUrl(contents.getURL()) ? isGuideUrl : isWindowUrl
    if (!isOwn(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url, contents.getURL())) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/**
 * Whether a link may open outside: only a site's front page, as the window links to the domains it serves.
 * Nothing more goes to the system's opener: a path, a query or a user name and password could come from a
 * hostile certificate. The guide is trusted and may link to any page.
 */
function mayOpenOutside(url: string, from: string): boolean {
  const parsed = parseUrl(url)
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return false
  if (isGuideUrl(from)) return parsed.protocol === 'https:' && parsed.username === ''
  return url === `${parsed.origin}/` || url === parsed.origin
}
