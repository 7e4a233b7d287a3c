import { productVersion } from '../contract/engine/product-version.ts'
import type { MenuCommand, WindowPlace } from '../contract/engine/desktop.ts'
import type { ElectronApi } from './electron-api.ts'

type Item = Electron.MenuItemConstructorOptions

export interface MenuActions {
  go(place: WindowPlace): void
  /** Lets the window's page carry out `command`, at `place` if the command is bound to one. */
  command(command: MenuCommand, place?: WindowPlace): void
  showGuide(): void
  showLogs: (() => void) | null
  quit(): void
}

const separator: Item = { type: 'separator' }

/**
 * Application menu: at the top of the screen on macOS, in the window after Alt elsewhere. Every label is in
 * sentence case, unlike Electron's own labels of roles, and has a mnemonic, which macOS ignores.
 */
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
    copyright: `${formatVersions(process.versions)}\nMIT licence`,
    iconPath: icon,
  })
  const about: Item = { role: 'about', label: '&About Edgekeep' }
  return Menu.buildFromTemplate([
    ...(isMac ? [macMenu(about)] : []),
    { label: '&File', submenu: fileItems(actions, isMac) },
    { label: '&Edit', submenu: editItems(actions) },
    { label: '&View', submenu: viewItems(app.isPackaged) },
    { label: '&Go', submenu: goItems(actions) },
    {
      label: '&Window',
      role: 'window',
      submenu: [
        { role: 'minimize', label: 'Mi&nimize' },
        { role: 'zoom', label: '&Zoom' },
      ],
    },
    { label: '&Help', role: 'help', submenu: helpItems(actions, isMac ? [] : [separator, about]) },
  ])
}

/** Formats `Electron 45.4.1, Chromium 150.0…, Node 24.21.0`; unknown versions are left out. */
function formatVersions({ electron, chrome, node }: NodeJS.ProcessVersions): string {
  const parts = [
    electron === undefined ? [] : `Electron ${electron}`,
    chrome === undefined ? [] : `Chromium ${chrome}`,
    `Node ${node}`,
  ]
  return parts.flat().join(', ')
}

function macMenu(about: Item): Item {
  return {
    label: 'Edgekeep',
    submenu: [
      about,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide', label: 'Hide Edgekeep' },
      { role: 'hideOthers', label: 'Hide others' },
      { role: 'unhide', label: 'Show all' },
      separator,
      { role: 'quit', label: 'Quit Edgekeep' },
    ],
  }
}

function fileItems({ command, quit }: MenuActions, isMac: boolean): Item[] {
  return [
    {
      label: '&New domain…',
      accelerator: 'CmdOrCtrl+N',
      click: () => command('new-domain', '/domains'),
    },
    {
      label: '&Import certificate…',
      accelerator: 'CmdOrCtrl+O',
      click: () => command('import-certificate', '/certificates'),
    },
    separator,
    { role: 'close', label: '&Close window' },
    ...(isMac ? [] : [separator, { label: '&Quit Edgekeep', accelerator: 'CmdOrCtrl+Q', click: quit }]),
  ]
}

function editItems({ command }: MenuActions): Item[] {
  return [
    { role: 'undo', label: '&Undo' },
    { role: 'redo', label: '&Redo' },
    separator,
    { role: 'cut', label: 'Cu&t' },
    { role: 'copy', label: '&Copy' },
    { role: 'paste', label: '&Paste' },
    { role: 'selectAll', label: 'Select &all' },
    separator,
    { label: '&Find', accelerator: 'CmdOrCtrl+F', click: () => command('find') },
  ]
}

/** Reloading the page would lose unsaved edits, so only developers get it. */
function viewItems(isPackaged: boolean): Item[] {
  const forDevelopers: Item[] = [
    { role: 'reload', label: '&Reload' },
    { role: 'toggleDevTools', label: '&Developer tools' },
    separator,
  ]
  return [
    ...(isPackaged ? [] : forDevelopers),
    { role: 'resetZoom', label: '&Actual size' },
    { role: 'zoomIn', label: 'Zoom &in' },
    { role: 'zoomOut', label: 'Zoom &out' },
    separator,
    { role: 'togglefullscreen', label: '&Full screen' },
  ]
}

/** Sections in the order of the rail, numbered by their keys. Settings also have the system's own key. */
function goItems({ go }: MenuActions): Item[] {
  const places: [string, WindowPlace][] = [
    ['&Domains', '/domains'],
    ['&Certificates', '/certificates'],
    ['&Inspector', '/inspector'],
    ['T&rust', '/trust'],
    ['I&ssuing', '/issuing'],
    ['&Traffic', '/traffic'],
    ['&Usage', '/usage'],
    ['&Activity', '/activity'],
    ['S&ettings', '/settings'],
  ]
  return [
    ...places.map(([label, place], at) => ({
      label,
      accelerator: `CmdOrCtrl+${at + 1}`,
      click: () => go(place),
    })),
    { label: 'Settings', accelerator: 'CmdOrCtrl+,', visible: false, click: () => go('/settings') },
  ]
}

function helpItems({ showGuide, showLogs }: MenuActions, last: Item[]): Item[] {
  return [
    { label: '&Guide', accelerator: 'F1', click: showGuide },
    ...(showLogs ? [{ label: 'Show &logs', click: showLogs }] : []),
    ...last,
  ]
}
