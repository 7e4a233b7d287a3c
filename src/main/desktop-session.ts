import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { ExpiryState } from '../contract/domains/domains.ts'
import type { DesktopPreferences, WindowPlace } from '../contract/engine/desktop.ts'
import type { Home } from '../engine-process/home.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { ElectronApi } from './electron-api.ts'
import { watchEngine, type EngineListeners, type EngineView, type EngineWatch } from './engine-view.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { certificateNotices, trustNotices, type Notice } from '../domain/notices.ts'
import { changeNotices } from './change-notices.ts'
import { loginItem, type LoginStart } from './start-at-login.ts'
import { createTray, type AppTray } from './tray.ts'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from './json-file.ts'

export interface DesktopSessionOptions {
  electron: ElectronApi
  home: Home
  folder: string
  root: string
  log: DesktopLog
  login: LoginStart
  window: MainWindowHandle
  present: EngineListeners['present']
}

/** Timeout for an engine that was started with the app. */
const answersWithinMs = 20_000
const settledWithinMs = 2000
const savedWithinMs = 2000
const lookEachMs = 60 * 60 * 1000

/** The app on the desktop beside its window: the tray, notifications, the badge and preferences. */
export type DesktopSession = ReturnType<typeof openDesktopSession>

export function openDesktopSession(options: DesktopSessionOptions) {
  const { electron, home, folder, root, log, login, window, present } = options
  const { show } = window
  const { app, shell } = electron
  const shown = openShownNotifications(folder)
  let lastPid: number | null = null
  const startsAtLogin = loginItem(electron, login)
  let preferences: DesktopPreferences | null = null

  const notifyNew = (notices: readonly Notice[]) => {
    for (const notice of notices) if (shown.isNew(notice.key)) notify(electron, notice, show)
  }
  const changed = (view: EngineView, before: EngineView) => {
    tray.update(view)
    notifyNew([...changeNotices(view, before, lastPid), ...certificateNotices(view, new Date())])
    lastPid = view.status?.pid ?? lastPid
    showAttention(electron, window.current(), { count: attentionCount(view), root })
    preferences = view.status?.desktop ?? preferences
    const wanted = view.status?.desktop.startAtLogin
    if (wanted === undefined) return
    try {
      startsAtLogin(wanted)
    } catch (error) {
      log.error({ err: error }, 'Start at login not changed')
    }
  }
  const resumeAll = async () => {
    const client = watch.client()
    if (!client) return
    for (const { name, https } of watch.view().domains)
      if (https.state === 'paused') await client.https.enable({ domain: name, source: { type: 'current' } })
  }
  /** A menu cannot show a failure, so the window opens. */
  const tryTo = (act: () => Promise<unknown>): Promise<boolean> =>
    act().then(
      () => true,
      (error: unknown) => {
        log.error({ err: error }, 'Tray or menu command failed')
        show()
        return false
      },
    )
  const attempt = (act: () => Promise<unknown>) => () => void tryTo(act)
  /** Queries the engine directly: it may have just started, with an empty view here. */
  const pauseAll = async () => {
    const until = performance.now() + answersWithinMs
    while (!watch.client() && performance.now() < until) await delay(100)
    const client = watch.client()
    if (!client) throw new EdgekeepError('engine.unreachable', { reason: 'it does not answer' })
    for (const { name, https } of await client.domains.list())
      if (https.state === 'on') await client.https.pause({ domain: name })
  }

  const tray: AppTray = createTray(electron, {
    root,
    actions: {
      show: () => show(),
      open: (url) => void shell.openExternal(url),
      showInspector: () => show('/inspector'),
      pauseAll: attempt(pauseAll),
      resumeAll: attempt(resumeAll),
      unlock: () => show('/domains'),
      lock: attempt(async () => watch.client()?.vault.lock()),
      quit: () => app.quit(),
    },
  })
  const isOpen = () => window.current() !== null
  const watch: EngineWatch = watchEngine(home, { changed, present }, isOpen)
  window.onOpened(() => watch.attend())
  const look = async () => {
    notifyNew(certificateNotices(watch.view(), new Date()))
    const client = watch.client()
    if (client) notifyNew(trustNotices(await client.trust.status()))
  }
  const timer = setInterval(
    () => void look().catch((error: unknown) => log.error({ err: error }, 'Hourly notices failed')),
    lookEachMs,
  )
  return {
    /** Last known preferences, also while no engine answers; null before the first answer. */
    preferences: () => preferences,
    /** Saves preferences; if saving takes longer than two seconds, they apply to this run. */
    async prefer(wanted: Partial<DesktopPreferences>) {
      if (preferences) preferences = { ...preferences, ...wanted }
      const saved = watch.client()?.desktop.setPreferences(wanted)
      // A stuck engine never answers, and the window has to close anyway.
      await Promise.race([saved, delay(savedWithinMs, undefined, { ref: false })]).catch((error: unknown) =>
        log.error({ err: error }, 'Preferences not saved'),
      )
    },
    /** Pauses HTTPS for all domains once the engine answers. False: it failed, and the window shows. */
    pauseHttps: () => tryTo(pauseAll),
    servesHttps: () => watch.view().domains.some(({ https }) => https.state === 'on'),
    /** Resolves once the view is complete, at the latest after two seconds. */
    async settled() {
      const until = performance.now() + settledWithinMs
      while (!watch.view().isWhole && performance.now() < until) await delay(50)
    },
    close() {
      clearInterval(timer)
      watch.close()
      tray.close()
    },
  }
}

function notify(
  { Notification }: Pick<ElectronApi, 'Notification'>,
  { title, body, place }: Notice,
  show: (place: WindowPlace) => void,
): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  notification.on('click', () => show(place))
  notification.show()
}

/** Shows a number on the icon, or a small overlay picture on Windows. */
function showAttention(
  { app, nativeImage }: Pick<ElectronApi, 'app' | 'nativeImage'>,
  window: Electron.BrowserWindow | null,
  { count, root }: { count: number; root: string },
): void {
  app.setBadgeCount(count)
  if (process.platform !== 'win32') return
  const sign = nativeImage.createFromPath(join(root, 'resources', 'tray', 'trouble-dark.png'))
  window?.setOverlayIcon(count > 0 ? sign : null, count > 0 ? 'Something needs attention' : '')
}

const urgent: ExpiryState[] = ['last-week', 'expired', 'not-yet-valid']

/** Number on the icon: certificates in their last week or not valid now, and an edge in trouble. */
function attentionCount({ status, certificates }: EngineView): number {
  const ending = certificates.filter(({ usedBy, expiry }) => usedBy.length > 0 && urgent.includes(expiry))
  return ending.length + (status?.edge.problem ? 1 : 0)
}

const shownSchema = z.array(z.string().max(500))
/** Limit; the oldest keys are dropped, since their causes are long gone. */
const most = 500

/** Stores the keys of shown notifications in `folder`, so that none is repeated after a restart. */
function openShownNotifications(folder: string): { isNew(key: string): boolean } {
  const path = join(folder, 'notices.json')
  const shown = new Set(readJsonFile(path, (stored) => shownSchema.parse(stored)))
  return {
    isNew(key) {
      if (shown.has(key)) return false
      shown.add(key)
      writeJsonFile(path, [...shown].slice(-most))
      return true
    },
  }
}
