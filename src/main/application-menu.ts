import { productVersion } from '../contract/product-version.ts'
import type { WindowPlace } from '../contract/desktop.ts'
import type { ElectronApi } from './electron-api.ts'

type Template = Electron.MenuItemConstructorOptions[]

export interface MenuActions {
  /** Brings the window to the front, at `place` where one is named. */
  go(place: WindowPlace): void
  showGuide(): void
  /** Null where there are none. */
  showLogs: (() => void) | null
  quit(): void
}

/** The menu of the application, as each system has it: macOS at the top of the screen, others in the window after Alt. */
export function applicationMenu(
  electron: Pick<ElectronApi, 'app' | 'Menu'>,
  { icon, ...actions }: MenuActions & { icon: string },
): Electron.Menu {
  const { app, Menu } = electron
  const isMac = process.platform === 'darwin'
  app.setAboutPanelOptions({
    applicationName: 'Edgekeep',
    applicationVersion: productVersion,
    // The only field that the About box of every system shows.
    copyright: `${versionsInWords(process.versions)}\nMIT licence`,
    iconPath: icon,
  })
  const about: Electron.MenuItemConstructorOptions = { role: 'about', label: 'About Edgekeep' }
  const template: Template = [
    ...(isMac ? [macMenu(about)] : [fileMenu(actions)]),
    { label: '&Edit', role: 'editMenu' },
    viewMenu(app.isPackaged),
    { label: '&Go', submenu: goItems(actions) },
    { role: 'windowMenu' },
    {
      role: 'help',
      label: '&Help',
      submenu: helpItems(actions, isMac ? [] : [{ type: 'separator' }, about]),
    },
  ]
  return Menu.buildFromTemplate(template)
}

/** `Electron 45.4.1, Chromium 150.0…, Node 24.21.0`; those that are not known are left out. */
function versionsInWords({ electron, chrome, node }: NodeJS.ProcessVersions): string {
  const parts = [
    electron === undefined ? [] : `Electron ${electron}`,
    chrome === undefined ? [] : `Chromium ${chrome}`,
    `Node ${node}`,
  ]
  return parts.flat().join(', ')
}

function macMenu(about: Electron.MenuItemConstructorOptions): Electron.MenuItemConstructorOptions {
  return {
    label: 'Edgekeep',
    submenu: [
      about,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
}

function fileMenu({ quit }: MenuActions): Electron.MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { role: 'close', label: 'Close window' },
      { type: 'separator' },
      { label: 'Quit Edgekeep', accelerator: 'CmdOrCtrl+Q', click: quit },
    ],
  }
}

/** Loading the page again would lose what is being filled in, so it is offered to developers alone. */
function viewMenu(isPackaged: boolean): Electron.MenuItemConstructorOptions {
  const forDevelopers: Template = [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }]
  return {
    label: '&View',
    submenu: [
      ...(isPackaged ? [] : forDevelopers),
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
}

function goItems({ go }: MenuActions): Template {
  const places: [string, WindowPlace][] = [
    ['Domains', '/domains'],
    ['Certificates', '/certificates'],
    ['Inspector', '/inspector'],
    ['Traffic', '/traffic'],
    ['Usage', '/usage'],
    ['Trust', '/trust'],
    ['Activity', '/activity'],
    ['Settings', '/settings'],
  ]
  return places.map(([label, place], at) => ({
    label,
    accelerator: place === '/settings' ? 'CmdOrCtrl+,' : `CmdOrCtrl+${at + 1}`,
    click: () => go(place),
  }))
}

function helpItems({ showGuide, showLogs }: MenuActions, last: Template): Template {
  return [
    { label: 'Guide', accelerator: 'F1', click: showGuide },
    ...(showLogs ? [{ label: 'Show logs', click: showLogs }] : []),
    ...last,
  ]
}
