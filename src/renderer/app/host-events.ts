import { spotlight } from '@mantine/spotlight'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { menuCommandSchema, windowPlaceSchema, type MenuCommand } from '../../contract/engine/desktop.ts'
import { importCertificate } from '../features/certificates/actions.ts'
import { addDomain } from '../features/domains/actions.ts'
import type { Action } from '../ui/actions/action.ts'
import { awaitOffer, offerOf, useOffers } from '../ui/actions/offers.ts'
import { dialogIsOpen } from '../ui/primitives/focus.ts'
import { useTranslation } from 'react-i18next'
import { useDroppedFiles } from '../ui/forms/file-handoff.ts'
import { notifyDone, notifyRefused, notifyOfVault } from '../ui/feedback/feedback.tsx'
import { useClient, useEngineStatus, useEngineLink } from '../connection/engine-context.tsx'
import { useUnsavedPorts } from '../features/issuing/acme-section.tsx'
import { useUnsavedEdge } from '../features/settings/edge-section.tsx'
import { useAskBeforeClose } from '../ui/forms/draft.ts'

type Navigate = (path: string) => void

/** Runs commands of the application menu. Ignored while a dialog is open, which keeps its unsaved input. */
export function useMenuCommands(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    if (!window.edgekeepDesktop) return
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      if (dialogIsOpen()) return
      const { edgekeepGo, edgekeepMenu } = event.data as { edgekeepGo?: unknown; edgekeepMenu?: unknown }
      const place = windowPlaceSchema.safeParse(edgekeepGo)
      if (place.success) navigate(place.data)
      const command = menuCommandSchema.safeParse(edgekeepMenu)
      if (command.success) carryOut[command.data](navigate)
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [navigate])
}

const carryOut: Record<MenuCommand, (navigate: Navigate) => void> = {
  'new-domain': (navigate) => act(addDomain, navigate),
  'import-certificate': (navigate) => act(importCertificate, navigate),
  find,
}

function act(action: Action, navigate: Navigate): void {
  const mine = offerOf(useOffers.getState().offered, action)
  if (!mine) awaitOffer(action, () => navigate(action.page ?? '/'))
  else if (!mine.disabled) mine.act()
}

function find(): void {
  const field = document.querySelector<HTMLInputElement>('#page input[type="search"]')
  if (!field) return spotlight.open()
  field.focus()
  field.select()
}

/** Handles files opened through the operating system like files dropped on the window. */
export function useOpenedFiles(): void {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const give = useDroppedFiles((state) => state.give)
  useEffect(() => {
    const desktop = window.edgekeepDesktop
    if (!desktop) return
    const take = ({ edgekeepFiles: files, refused }: Opened) => {
      for (const reason of refused) notifyRefused(t('opened.refused'), reason)
      if (files.length === 0) return
      give(files)
      // An open dialog keeps its unsaved input; the files wait.
      if (dialogIsOpen()) notifyDone(t('opened.waiting', { count: files.length }))
      else navigate('/inspector')
    }
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window) return
      if (event.data === 'edgekeep:files-waiting') desktop.requestFiles()
      else if (isOpened(event.data)) take(event.data)
    }
    window.addEventListener('message', onMessage)
    desktop.requestFiles()
    return () => window.removeEventListener('message', onMessage)
  }, [give, navigate, t])
}

interface Opened {
  edgekeepFiles: File[]
  refused: string[]
}
function isOpened(data: unknown): data is Opened {
  return typeof data === 'object' && data !== null && 'edgekeepFiles' in data
}

/** Confirms each file saved by the desktop app, with a link to its folder. Browsers do this themselves. */
export function useSavedFiles(): void {
  const { t } = useTranslation()
  useEffect(() => {
    const desktop = window.edgekeepDesktop
    if (!desktop) return
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const { edgekeepSaved: fileName } = event.data as { edgekeepSaved?: unknown }
      if (typeof fileName !== 'string') return
      notifyDone(t('saved.done', { fileName }), { label: t('saved.show'), act: () => desktop.showSaved() })
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [t])
}

const atMostEveryMs = 60_000
const signs = ['pointerdown', 'keydown', 'wheel'] as const

/** Resets the engine's auto-lock timer while the window is in use, at most once a minute. */
export function useStayOpen(): void {
  const client = useClient()
  const wanted = useEngineStatus(
    ({ value }) => value !== null && !value.protection.locked && value.locking.autoLockMinutes !== null,
  )
  useEffect(() => {
    if (!wanted) return
    let reportedAt = 0
    const report = () => {
      if (Date.now() - reportedAt < atMostEveryMs) return
      reportedAt = Date.now()
      // A lost connection is shown elsewhere; the next user input retries.
      client.vault.stayOpen().catch(() => (reportedAt = 0))
    }
    for (const sign of signs) window.addEventListener(sign, report, { passive: true })
    return () => {
      for (const sign of signs) window.removeEventListener(sign, report)
    }
  }, [client, wanted])
}

/** Notifies this window of changes to the vault's keys and backups, including those by other clients. */
export function useVaultNotices(): void {
  const { t } = useTranslation('vault')
  const { notices } = useEngineLink()
  useEffect(
    () =>
      notices.subscribe(({ value }, before) => {
        if (!value || value === before.value) return
        const by = value.actor === 'window' || value.actor === 'engine' ? value.actor : 'command'
        notifyOfVault({
          kind: value.what,
          message: t(`notice.by.${by}`, { change: t(`notice.${value.what}`) }),
          alarm: value.what === 'refused',
        })
      }),
    [notices, t],
  )
}

/** Makes the browser ask before the window closes with unsaved settings. */
export function useUnsavedSettingsGuard(): void {
  const edge = useUnsavedEdge((state) => state.edit)
  const ports = useUnsavedPorts((state) => state.edit)
  useAskBeforeClose(edge !== null || ports !== null)
}
