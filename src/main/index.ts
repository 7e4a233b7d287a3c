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
import { openInBrowserInstead } from '../launch/as-root.ts'
import { chromiumRefusesUser } from '../launch/display.ts'
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

const homeFolder = typeof values.home === 'string' ? values.home : undefined
const installation = findInstallation()
const say = (line: string) => void process.stdout.write(`${line}\n`)

if (chromiumRefusesUser()) {
  openInBrowserInstead(installation, homeFolder, say).then(
    (status) => app.exit(status),
    (error: unknown) => {
      say(String(error))
      app.exit(3)
    },
  )
} else
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
    homeFolder,
    installation,
    faults: process,
    say,
  })
