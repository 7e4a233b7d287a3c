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
import { chromiumRefusesUser } from '../engine-process/display.ts'
import { lookForInstallation } from '../engine-process/installed-at.ts'
import { runDesktop } from './desktop.ts'

// A listener replaces Node's default, which would open the inspector.
process.on('SIGUSR1', () => undefined)

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { home: { type: 'string' } },
  // Electron and its test drivers add arguments of their own.
  strict: false,
  allowPositionals: true,
})

const homeFolder = typeof values.home === 'string' ? values.home : undefined
const installation = lookForInstallation()
if (!installation) throw new Error('The installation is incomplete: package.json is missing.')
const say = (line: string) => void process.stdout.write(`${line}\n`)

if (chromiumRefusesUser()) {
  void import('../engine-process/as-root.ts')
    .then(({ openInBrowserInstead }) => openInBrowserInstead(installation, homeFolder, say))
    .then(
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
