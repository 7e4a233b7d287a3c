import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { PackageKind, UpdatePackage } from './manifest.ts'

export interface Installer {
  kind: PackageKind
  /** Prepares a verified package, if the system needs that before the app quits. */
  stage?(path: string): Promise<void>
  /** Installs the new version at the very end of the app and starts it if `restart`. */
  install(path: string, restart: boolean): void
}

/**
 * Finds the update method of this installation: an AppImage, the installer on Windows, Squirrel on macOS.
 * Null if something else updates it: a package manager, or the person who cloned it.
 */
export function findInstaller(
  { app, autoUpdater }: { app: Electron.App; autoUpdater: Electron.AutoUpdater },
  environment: NodeJS.ProcessEnv = process.env,
): Installer | null {
  const appImage = environment['APPIMAGE']
  if (process.platform === 'linux') return appImage ? appImageInstaller(appImage, app) : null
  if (!app.isPackaged) return null
  return process.platform === 'darwin' ? squirrelInstaller(autoUpdater) : nsisInstaller
}

/** @throws `update.not_installed` unless the file at `path` is still the package that was verified */
export function stillVerified(path: string, { sha512 }: UpdatePackage): void {
  if (existsSync(path) && createHash('sha512').update(readFileSync(path)).digest('hex') === sha512) return
  throw new EdgekeepError('update.not_installed', { reason: 'the downloaded file was changed' })
}

/** Replaces the old file in one step, under the name that the person gave it. */
function appImageInstaller(file: string, app: Pick<Electron.App, 'relaunch'>): Installer {
  return {
    kind: 'appimage',
    stage(path) {
      accessSync(dirname(file), constants.W_OK)
      return Promise.resolve(void path)
    },
    install(path, restart) {
      const beside = join(dirname(file), `.edgekeep-${randomUUID()}`)
      try {
        copyFileSync(path, beside, constants.COPYFILE_EXCL)
        chmodSync(beside, statSync(file).mode & 0o777)
        renameSync(beside, file)
      } catch (error) {
        rmSync(beside, { force: true })
        throw error
      }
      if (restart) app.relaunch({ execPath: file })
    },
  }
}

/** electron-builder's installer: silent, and with `--force-run` it starts the app afterwards. */
const nsisInstaller: Installer = {
  kind: 'nsis',
  install(path, restart) {
    const args = ['/S', '--updated', ...(restart ? ['--force-run'] : [])]
    spawn(path, args, { detached: true, stdio: 'ignore' }).unref()
  },
}

/** Squirrel takes updates only from a server, so it gets a one-time server for the file on the loopback. */
function squirrelInstaller(autoUpdater: Electron.AutoUpdater): Installer {
  return {
    kind: 'mac-zip',
    async stage(path) {
      const secret = randomUUID()
      const server = createServer((request, response) => {
        if (request.url === `/${secret}/feed`)
          response.end(JSON.stringify({ url: `${addressOf(server.address())}/${secret}/zip` }))
        else if (request.url === `/${secret}/zip`) createReadStream(path).pipe(response)
        else response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        await new Promise<void>((resolve, reject) => {
          autoUpdater.once('update-downloaded', () => resolve())
          autoUpdater.once('update-not-available', () => reject(new Error('Squirrel does not take it')))
          autoUpdater.once('error', reject)
          autoUpdater.setFeedURL({ url: `${addressOf(server.address())}/${secret}/feed` })
          autoUpdater.checkForUpdates()
        })
      } finally {
        server.close()
      }
    },
    install: (_path, restart) => {
      // Without a restart Squirrel installs by itself when the app has quit.
      if (restart) autoUpdater.quitAndInstall()
    },
  }
}

function addressOf(address: string | AddressInfo | null): string {
  return `http://127.0.0.1:${(address as AddressInfo).port}`
}
