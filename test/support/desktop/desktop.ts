import { EventEmitter } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { expect, onTestFinished } from 'vitest'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { runDesktop } from '../../../src/main/desktop.ts'
import { electronDouble, type ContentsDouble } from './electron-double.ts'
import { standInEngine } from '../engine/stand-in-engine.ts'
import { temporaryFolder } from '../temporary-folder.ts'

interface DesktopRun {
  engine?: Parameters<typeof standInEngine>[1]
  taken?: boolean
  /** Folder of its home and files; absent: a fresh one. */
  folder?: string
  packaged?: boolean
  argv?: string[]
  workingDirectory?: string
}

/** Runs the desktop on a double of Electron, with an engine that echoes frames. */
export function runDesktopDouble(o: DesktopRun = {}) {
  const folder = o.folder ?? temporaryFolder()
  const home = join(folder, 'home')
  const rendererFolder = join(folder, 'renderer')
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true })
  writeFileSync(join(rendererFolder, 'index.html'), '<title>the window</title>')
  writeFileSync(join(rendererFolder, 'assets', 'main.js'), 'export {}')
  mkdirSync(join(rendererFolder, 'guide'), { recursive: true })
  writeFileSync(join(rendererFolder, 'guide', 'index.html'), '<title>the guide</title>')
  const double = electronDouble()
  double.app.taken = o.taken ?? false
  double.app.isPackaged = o.packaged ?? false
  const said: string[] = []
  runDesktop({
    electron: double.electron,
    homeFolder: home,
    argv: o.argv ?? ['electron', folder, '--home', home],
    workingDirectory: o.workingDirectory ?? folder,
    installation: {
      ...findInstallation(),
      rendererFolder,
      inspectOnlyEntry: findInstallation().inspectOnlyEntry,
      engineEntry: standInEngine(folder, o.engine ?? 'serves'),
    },
    faults: new EventEmitter() as unknown as NodeJS.Process,
    say: (line) => said.push(line),
  })
  onTestFinished(async () => {
    double.app.quit()
    await double.app.ended
  })
  return { ...double, home, said }
}

/** Runs until the window exists and its page has sent a message, on which the app loads its second part. */
export async function runToWindow(o: DesktopRun = {}) {
  const running = runDesktopDouble(o)
  await expect.poll(() => running.windows.length, { timeout: 20_000 }).toBe(1)
  const { webContents } = running.windows[0]!
  webContents.emit('did-navigate')
  running.ipcMain.emit('edgekeep:command', { sender: webContents, senderFrame: null }, 'nothing')
  await expect.poll(() => running.session.listenerCount('will-download'), { timeout: 20_000 }).toBe(1)
  return { ...running, window: running.windows[0]!, contents: running.windows[0]!.webContents }
}

/** Requests a port as the preload does for the page. */
export function requestPort(
  ipcMain: { emit(channel: string, event: unknown): boolean },
  contents: ContentsDouble,
): Promise<MessagePort> {
  const port = new Promise<MessagePort>((resolve) => {
    contents.received.once('edgekeep:port', (_message, ports: MessagePort[]) => resolve(ports[0]!))
  })
  ipcMain.emit('edgekeep:request-port', { sender: contents, senderFrame: contents.mainFrame })
  return port
}
