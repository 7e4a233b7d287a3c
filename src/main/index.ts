import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  session,
  shell,
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
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    MessageChannelMain,
    nativeTheme,
    protocol,
    session,
    shell,
  },
  argv: process.argv,
  workingDirectory: process.cwd(),
  homeFolder: typeof values.home === 'string' ? values.home : undefined,
  installation: findInstallation(),
  say: (line) => process.stdout.write(`${line}\n`),
})
