import { parseUrl } from '../contract/text/parse-url.ts'
import { isGuideUrl, isWindowUrl } from './app-protocol.ts'

/** What the window loads: its own files, what it made itself for a download, and Chromium's developer tools. */
const schemes = ['edgekeep:', 'blob:', 'devtools:']

/** Nothing is loaded from a network, and of what pages can ask for only copying to the clipboard is granted. */
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

/** The page stays where it is, in the window or in the guide: no navigation away, no second window, no guest page. */
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
 * A site's front page, as the window links to the domains it serves. Nothing more goes to the system's
 * opener: a path, a query or a name with a password could be words of a hostile certificate. The guide is
 * ours, and names pages of others.
 */
function mayOpenOutside(url: string, from: string): boolean {
  const parsed = parseUrl(url)
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return false
  if (isGuideUrl(from)) return parsed.protocol === 'https:' && parsed.username === ''
  return url === `${parsed.origin}/` || url === parsed.origin
}
