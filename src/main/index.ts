import {
  app,
  autoUpdater,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  protocol,
  screen,
  session,
  shell,
  Tray,
} from 'electron'
import { parseArgs } from 'node:util'
import { findInstallation } from '../launch/installation.ts'
import { runDesktop } from './desktop.ts'

// A listener of ours takes the place of Node's, which would open the inspector.
process.on('SIGUSR1', () => undefined)

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { home: { type: 'string' } },
  // Electron and what tests it add arguments of their own.
  strict: false,
  allowPositionals: true,
})

runDesktop({
  electron: {
    app,
    autoUpdater,
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    MessageChannelMain,
    nativeImage,
    nativeTheme,
    net,
    Notification,
    protocol,
    screen,
    session,
    shell,
    Tray,
  },
  argv: process.argv,
  workingDirectory: process.cwd(),
  homeFolder: typeof values.home === 'string' ? values.home : undefined,
  installation: findInstallation(),
  faults: process,
  say: (line) => process.stdout.write(`${line}\n`),
})
