import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Progress } from '../../contract/engine/desktop.ts'
import type { Release, UpdatePhase, UpdateState } from '../../contract/engine/updates.ts'
import { downloadPackage, fetchManifest, type Fetch } from './feed.ts'
import { stillVerified, type Installer } from './installer.ts'
import { isNewer, updateChannelSchema, type UpdateChannel, type UpdatePackage } from './manifest.ts'

export interface UpdateOptions {
  /** Null in a build without a channel. */
  channel: UpdateChannel | null
  current: string
  installer: Installer | null
  folder: string
  fetch: Fetch
  clock: () => Date
  log: { error(facts: object, message: string): void }
  publish: (state: UpdateState) => void
  showProgress: (progress: Progress) => void
  /** Ends the app; `atQuit` is then called. */
  quit: () => void
}

interface Offer {
  feed: string
  release: Release
  file: UpdatePackage | null
}

const reportEachMs = 150

export type Updates = ReturnType<typeof createUpdates>

export function createUpdates(options: UpdateOptions) {
  const { channel, current, installer, folder, fetch, clock, log, publish, showProgress } = options
  let phase: UpdatePhase = { name: 'idle' }
  let offer: Offer | null = null
  let downloaded: string | null = null
  let restarts = false
  let running: AbortController | null = null
  // Package of the previous update: its installer may have run from here until the app had ended.
  rmSync(folder, { recursive: true, force: true })

  const state = (): UpdateState => ({ current, canCheck: channel !== null, phase })
  const enter = (next: UpdatePhase) => {
    phase = next
    publish(state())
  }
  /** Runs one action at a time; a cancelled one goes back to `before`. */
  const alone = async (before: () => UpdatePhase, act: (signal: AbortSignal) => Promise<UpdatePhase>) => {
    if (running || phase.name === 'ready') return
    const control = new AbortController()
    running = control
    try {
      enter(await act(control.signal))
    } catch (error) {
      if (control.signal.aborted) enter(before())
      else {
        log.error({ err: error }, 'Update failed')
        enter(failure(error))
      }
    } finally {
      running = null
      showProgress(null)
    }
  }

  return {
    state,
    check: () =>
      alone(
        () => ({ name: 'idle' }),
        async (signal) => {
          if (!channel) return { name: 'idle' }
          enter({ name: 'checking' })
          offer = null
          const manifest = await fetchManifest(fetch, channel, signal)
          const { version, releasedAt, expiresAt, notes, packages } = manifest
          const now = clock()
          const isExpired = Date.parse(expiresAt) <= now.getTime()
          if (!isNewer(version, current)) {
            if (isExpired) throw new EdgekeepError('update.list_expired', { expiredAt: expiresAt })
            return { name: 'latest', checkedAt: now.toISOString() }
          }
          const file =
            packages.find(({ kind, arch }) => kind === installer?.kind && arch === process.arch) ?? null
          const listExpiredAt = isExpired ? expiresAt : null
          const sizeBytes = file?.sizeBytes ?? null
          const release = { version, releasedAt, listExpiredAt, notes, sizeBytes }
          offer = { feed: channel.feed, release, file }
          return { name: 'available', release }
        },
      ),
    download: () =>
      alone(
        () => (offer ? { name: 'available', release: offer.release } : { name: 'idle' }),
        async (signal) => {
          if (!offer?.file || !installer) return phase
          const { feed, file, release } = offer
          let reportedAt = -Infinity
          const received = (receivedBytes: number) => {
            if (performance.now() - reportedAt < reportEachMs) return
            reportedAt = performance.now()
            showProgress(receivedBytes / file.sizeBytes)
            enter({ name: 'downloading', release, receivedBytes })
          }
          received(0)
          const path = await downloadPackage(fetch, { feed, file, folder, signal, received })
          await installer.stage?.(path)
          downloaded = path
          return { name: 'ready', release }
        },
      ),
    cancel: () => running?.abort(),
    restart() {
      if (phase.name !== 'ready') return
      restarts = true
      options.quit()
    },
    /** Installs the downloaded package at the very end of the app. */
    atQuit() {
      running?.abort()
      if (!downloaded || !offer?.file || !installer) return
      try {
        stillVerified(downloaded, offer.file)
        installer.install(downloaded, restarts)
      } catch (error) {
        log.error({ err: error }, 'Update not installed, keeping this version')
      }
    },
  }
}

function failure(error: unknown): UpdatePhase {
  const { code, message } =
    error instanceof EdgekeepError
      ? error
      : new EdgekeepError('update.not_installed', { reason: reasonOf(error) })
  return { name: 'failed', code, message }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return 'this user may not write where it lies'
  if (code === 'ENOSPC') return 'the disk is full'
  return `the system says ${code ?? 'no'}`
}

/**
 * Update channel of this build; null if it has none.
 *
 * @throws if the file exists and is invalid
 */
export function channelOf(root: string): UpdateChannel | null {
  let text: string
  try {
    text = readFileSync(join(root, 'resources', 'updates.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return updateChannelSchema.parse(JSON.parse(text))
}
