import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ElectronApi } from '../../../src/main/electron-api.ts'

/*
 * A double of Electron's API, for machines without Electron's program. It is no Electron: nothing is
 * drawn, sandboxed or enforced. It records what the desktop asks Electron for, plays the events that
 * Electron would, and carries messages over Node's own channels. That Electron then does as asked is
 * what `test/e2e-desktop` holds, where the program is there.
 */

type WindowOptions = Electron.BrowserWindowConstructorOptions
type OpenHandler = (details: { url: string }) => { action: string }

export class ContentsDouble extends EventEmitter {
  url = ''
  destroyed = false
  openHandler: OpenHandler | undefined
  readonly mainFrame: { url: string } = { url: '' }
  /** Messages of the main process: channel and ports. */
  readonly received = new EventEmitter()

  getURL = () => this.url
  getZoomLevel = () => 0
  isDestroyed = () => this.destroyed
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler
  }
  postMessage(channel: string, message: unknown, ports: PortDouble[]): void {
    this.received.emit(
      channel,
      structuredClone(message),
      ports.map((port) => port.port),
    )
  }
}

/** `MessagePortMain` over a port of Node. */
class PortDouble extends EventEmitter {
  readonly port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.port = port
  }
  start(): void {
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
    this.port.on('close', () => this.emit('close'))
  }
  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }
  close(): void {
    this.port.close()
  }
}

class MessageChannelDouble {
  readonly port1: PortDouble
  readonly port2: PortDouble
  constructor() {
    const channel = new MessageChannel()
    this.port1 = new PortDouble(channel.port1)
    this.port2 = new PortDouble(channel.port2)
  }
}

class WindowDouble extends EventEmitter {
  /** Last state of the task bar. */
  progress: number | undefined
  overlay: string | undefined
  readonly options: WindowOptions
  readonly webContents = new ContentsDouble()
  shown = 0
  focused = 0
  minimized = false
  constructor(options: WindowOptions) {
    super()
    this.options = options
  }
  loadURL(url: string): Promise<void> {
    this.webContents.url = url
    this.webContents.mainFrame.url = url
    return Promise.resolve()
  }
  getNormalBounds = () => ({ x: 0, y: 0, width: 1280, height: 860 })
  isDestroyed = () => false
  isMaximized = () => false
  isMinimized = () => this.minimized
  setProgressBar(progress: number): void {
    this.progress = progress
  }
  setOverlayIcon(_icon: unknown, words: string): void {
    this.overlay = words
  }
  close(): void {
    this.emit('close', { preventDefault: () => undefined })
    this.emit('closed')
  }
  restore(): void {
    this.minimized = false
  }
  show(): void {
    this.shown += 1
  }
  focus(): void {
    this.focused += 1
  }
}

class SessionDouble extends EventEmitter {
  permissionRequest!: (
    contents: ContentsDouble,
    permission: string,
    decide: (granted: boolean) => void,
  ) => void
  permissionCheck!: (contents: ContentsDouble | null, permission: string) => boolean
  deviceCheck!: () => boolean
  beforeRequest!: (request: { url: string }, decide: (answer: { cancel: boolean }) => void) => void
  readonly schemes = new Map<string, (request: Request) => Promise<Response>>()
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      this.schemes.set(scheme, handler),
  }
  readonly webRequest = {
    onBeforeRequest: (listener: SessionDouble['beforeRequest']) => (this.beforeRequest = listener),
  }
  setPermissionRequestHandler = (handler: SessionDouble['permissionRequest']) =>
    (this.permissionRequest = handler)
  setPermissionCheckHandler = (handler: SessionDouble['permissionCheck']) => (this.permissionCheck = handler)
  setDevicePermissionHandler = (handler: SessionDouble['deviceCheck']) => (this.deviceCheck = handler)
}

class AppDouble extends EventEmitter {
  readonly paths = new Map<string, string>()
  readonly happened: string[]
  taken = false
  isPackaged = false
  readonly removedSwitches: string[] = []
  readonly commandLine = { removeSwitch: (name: string) => void this.removedSwitches.push(name) }
  readonly ended: Promise<number>
  #end!: (status: number) => void

  constructor(happened: string[]) {
    super()
    this.happened = happened
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }
  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error('Electron takes only a folder that is there')
    this.paths.set(name, path)
  }
  requestSingleInstanceLock(): boolean {
    this.happened.push('asks for the lock')
    return !this.taken
  }
  enableSandbox(): void {
    this.happened.push('sandboxes all pages')
  }
  setAboutPanelOptions = () => undefined
  getPath = (name: string) => `/${name}`
  relaunched = 0
  relaunch(): void {
    this.relaunched += 1
  }
  setBadgeCount = () => true
  setLoginItemSettings = () => undefined
  whenReady = () => Promise.resolve()
  exit(status: number): void {
    this.happened.push('exits')
    this.#end(status)
  }
  /** Opens a file as macOS does; returns whether the app took it. */
  openFile(path: string): boolean {
    let taken = false
    this.emit('open-file', { preventDefault: () => (taken = true) }, path)
    return taken
  }
  #quitting = false
  /**
   * `will-quit` may be prevented, and ends the app otherwise. A call from a listener of it, or from a microtask that
   * one queues, is ignored: Electron resets its own flag (`Browser::NotifyAndShutdown`) only after both.
   */
  quit(): void {
    if (this.#quitting) return
    this.#quitting = true
    let prevented = false
    this.emit('before-quit', {})
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    this.happened.push(prevented ? 'is asked to quit' : 'quits')
    if (!prevented) return this.#end(0)
    setImmediate(() => (this.#quitting = false))
  }
}

class TrayDouble extends EventEmitter {
  setImage = () => undefined
  setToolTip = () => undefined
  setContextMenu = () => undefined
  destroy = () => undefined
}

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } }

/** Fresh double that records the desktop's calls. */
export function electronDouble() {
  const happened: string[] = []
  const app = new AppDouble(happened)
  const windows: WindowDouble[] = []
  const opened: string[] = []
  const errors: string[] = []
  const schemes: Electron.CustomScheme[] = []
  const ipcMain = new EventEmitter()
  const defaultSession = new SessionDouble()
  class BrowserWindow extends WindowDouble {
    constructor(options: WindowOptions) {
      super(options)
      windows.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }
    static getAllWindows = () => windows
  }
  const electron = {
    app,
    autoUpdater: new EventEmitter(),
    BrowserWindow,
    dialog: { showErrorBox: (_title: string, sentence: string) => errors.push(sentence) },
    ipcMain,
    Menu: { setApplicationMenu: () => undefined, buildFromTemplate: () => ({}) },
    MessageChannelMain: MessageChannelDouble,
    nativeImage: { createFromPath: (path: string) => path },
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: false }),
    Notification: { isSupported: () => false },
    protocol: { registerSchemesAsPrivileged: (given: Electron.CustomScheme[]) => schemes.push(...given) },
    screen: { getAllDisplays: () => [display], getPrimaryDisplay: () => display },
    net: {},
    session: { defaultSession, fromPartition: () => ({}) },
    Tray: TrayDouble,
    shell: { openExternal: (url: string) => Promise.resolve(opened.push(url)) },
  }
  return {
    electron: electron as unknown as ElectronApi,
    app,
    windows,
    /** Addresses given to the system's opener. */
    opened,
    errors,
    schemes,
    ipcMain,
    session: defaultSession,
    happened,
  }
}
