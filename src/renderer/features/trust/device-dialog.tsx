import { Button, Loader, Modal, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheckFilled } from '@tabler/icons-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DevicePageEvent } from '../../../contract/lan/device-page.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ErrorPanel, LoadingRows, type Call, useCall } from '../../ui/feedback/feedback.tsx'
import { DialogFoot } from '../../ui/forms/dialog.tsx'
import { EngineButton } from '../../ui/primitives/change-controls.tsx'
import { Command } from '../../ui/primitives/note.tsx'
import { AddressChoice } from './address-choice.tsx'
import { Code } from './code.tsx'
import classes from './trust.module.css'

/** Page from which a phone gets the root, as QR code and address, and what each device has come to. */
export function DeviceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['trust', 'ui'])
  const [address, setAddress] = useState<string | undefined>()
  const { call, page, visits, isOver, again } = useDevicePage(address)
  const isChoice = call.error?.code === 'lan.several_networks'
  return (
    <Modal opened onClose={onClose} title={t('devicePage.title')} size="lg" centered>
      <Stack gap="md">
        {call.error && !isChoice ? <ErrorPanel error={call.error} /> : null}
        {isChoice ? <p className="flush">{t('devicePage.choose')}</p> : null}
        <AddressChoice error={call.error} value={address} onChange={setAddress} />
        {page ? (
          <Page page={page} isOver={isOver} />
        ) : call.error ? null : (
          <LoadingRows rows={2} height={40} />
        )}
        <div role="status">
          {visits.length === 0 && page && !isOver ? (
            <div className="dim row gap-10">
              <Loader size={16} aria-hidden />
              <span>{t('devicePage.waiting')}</span>
            </div>
          ) : null}
          <ul className="plain-list">
            {visits.map((visit) => (
              <VisitRow key={visit.address} visit={visit} />
            ))}
          </ul>
        </div>
        <DialogFoot>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:close')}
          </Button>
          {isOver || (call.error && !isChoice) ? (
            <EngineButton onClick={again}>{t('ui:again')}</EngineButton>
          ) : null}
        </DialogFoot>
      </Stack>
    </Modal>
  )
}

function Page({ page, isOver }: { page: EventOf<'page'>; isOver: boolean }) {
  const { t } = useTranslation('trust')
  const minutes = useMinutesUntil(page.expiresAt)
  if (isOver) return <p className="flush">{t('devicePage.over')}</p>
  return (
    <Stack gap="sm" align="center">
      <p className="flush">{t('devicePage.text')}</p>
      <Code text={page.address} label={t('devicePage.picture')} />
      <Command value={page.address} label={t('devicePage.address')} />
      <p className="flush">{t('devicePage.compare')}</p>
      <code className={classes.fingerprint}>{page.fingerprint}</code>
      <p className="dim flush">{t('devicePage.left', { count: minutes })}</p>
    </Stack>
  )
}

function VisitRow({ visit: { address, system, state, sentence } }: { visit: EventOf<'visit'> }) {
  const { t } = useTranslation('trust')
  const isTrusted = state === 'trusted'
  const Sign = isTrusted ? IconCircleCheckFilled : IconAlertTriangle
  return (
    <li className={classes.row}>
      <Sign className={classes.sign} data-state={isTrusted ? 'proven' : state} size={20} aria-hidden />
      <div className={classes.facts}>
        <strong>{t('devicePage.device', { system, address })}</strong>
        <span className="wrap">{sentence}</span>
      </div>
    </li>
  )
}

type EventOf<T extends DevicePageEvent['type']> = Extract<DevicePageEvent, { type: T }>

interface DevicePage {
  call: Call
  page: EventOf<'page'> | null
  /** The last of each device. */
  visits: EventOf<'visit'>[]
  isOver: boolean
  again: () => void
}

/** Serves the page for as long as it is shown. */
function useDevicePage(address: string | undefined): DevicePage {
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [attempt, setAttempt] = useState(1)
  const [events, setEvents] = useState<DevicePageEvent[]>([])
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    setEvents([])
    setOver(false)
    void run(async () => {
      try {
        for await (const event of await client.lan.servePage({ address }, { signal }))
          if (!signal.aborted) setEvents((before) => [...before, event])
        if (!signal.aborted) setOver(true)
      } catch (error) {
        if (!signal.aborted) throw error
      }
    })
    return () => controller.abort()
  }, [client, run, attempt, address])
  const again = useCallback(() => setAttempt((before) => before + 1), [])
  const visits = events.filter((event) => event.type === 'visit')
  const latest = new Map(visits.map((visit) => [visit.address, visit]))
  const page = events.find((event) => event.type === 'page') ?? null
  return { call, again, isOver, page, visits: [...latest.values()] }
}

/** Whole minutes left, counted up. */
function useMinutesUntil(time: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((Date.parse(time) - now) / 60_000))
}
