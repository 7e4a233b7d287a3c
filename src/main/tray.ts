import { join } from 'node:path'
import type { EngineStatus } from '../contract/engine/engine-status.ts'
import { formatEdgeState, edgeStateOf, isServed } from './edge-state.ts'
import type { ElectronApi } from './electron-api.ts'
import type { EngineView } from './engine-view.ts'

export interface TrayActions {
  show(): void
  open(url: string): void
  showInspector(): void
  pauseAll(): void
  resumeAll(): void
  lock(): void
  /** Opens the window, whose unlock dialog covers every page. */
  unlock(): void
  quit(): void
}

/** More would make a menu longer than a screen; the window lists all. */
const mostDomains = 12

export type AppTray = ReturnType<typeof createTray>

export function createTray(
  {
    Tray,
    Menu,
    nativeImage,
    nativeTheme,
  }: Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeImage' | 'nativeTheme'>,
  { root, actions }: { root: string; actions: TrayActions },
) {
  let view: EngineView = { status: null, isWhole: false, domains: [], certificates: [] }
  const imageOf = () => {
    const isMac = process.platform === 'darwin'
    // macOS colours a template image itself; elsewhere the panel may be light or dark.
    const ink = isMac ? 'Template' : nativeTheme.shouldUseDarkColors ? '-light' : '-dark'
    return nativeImage.createFromPath(join(root, 'resources', 'tray', `${edgeStateOf(view)}${ink}.png`))
  }
  const tray = new Tray(imageOf())
  const draw = () => {
    tray.setImage(imageOf())
    tray.setToolTip(`Edgekeep: ${formatEdgeState(view)}`)
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(view, actions)))
  }
  draw()
  tray.on('click', () => actions.show())
  nativeTheme.on('updated', draw)
  return {
    update(next: EngineView) {
      view = next
      draw()
    },
    close() {
      nativeTheme.off('updated', draw)
      tray.destroy()
    },
  }
}

export function trayMenu(view: EngineView, actions: TrayActions): Electron.MenuItemConstructorOptions[] {
  const { status, domains } = view
  const served = domains.filter(isServed)
  const isPaused = domains.some(({ https }) => https.state === 'paused')
  const isLocked = status?.protection.locked ?? true
  const more = served.length - mostDomains
  return [
    { label: formatEdgeState(view), enabled: false },
    { type: 'separator' },
    ...served.slice(0, mostDomains).map(({ name, displayName }) => ({
      label: `Open ${displayName}`,
      click: () => actions.open(urlOf(name, status)),
    })),
    ...(more > 0 ? [{ label: `${more} more in the window`, click: actions.show }] : []),
    ...(served.length > 0 ? [{ type: 'separator' as const }] : []),
    {
      label: 'Pause HTTPS for all domains',
      enabled: served.length > 0 && !isLocked,
      click: actions.pauseAll,
    },
    { label: 'Resume HTTPS for all domains', enabled: isPaused && !isLocked, click: actions.resumeAll },
    status?.protection.locked
      ? { label: 'Unlock the vault…', click: actions.unlock }
      : { label: 'Lock the vault', enabled: status !== null, click: actions.lock },
    { type: 'separator' },
    { label: 'Inspector', click: actions.showInspector },
    { label: 'Show Edgekeep', click: actions.show },
    { type: 'separator' },
    { label: 'Quit Edgekeep', click: actions.quit },
  ]
}

/** Front page of a domain at the edge; a wildcard is opened under one of its names. */
function urlOf(domain: string, status: EngineStatus | null): string {
  const port = status?.edge.https?.port ?? 443
  const host = domain.startsWith('*.') ? `www.${domain.slice(2)}` : domain
  return `https://${host}${port === 443 ? '' : `:${port}`}/`
}
