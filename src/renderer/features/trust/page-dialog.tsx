import '../../connection/desktop-bridge.ts'
import { Button, Group, Loader, Modal, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheckFilled, IconExternalLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../../ui/primitives/change-controls.tsx'
import { DialogFoot } from '../../ui/forms/dialog.tsx'
import { ErrorPanel, LoadingRows, type Call, useCall } from '../../ui/feedback/feedback.tsx'
import { useCallback, useEffect, useState } from 'react'
import type { ProofPageEvent } from '../../../contract/trust/trust.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { Command, Note } from '../../ui/primitives/note.tsx'

/** Shows the URL of a page that probes a running browser, and its result. */
export function PageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['trust', 'ui'])
  const proof = useProofPage()
  const { call, page, outcome, again } = proof
  const isOver = outcome !== null || call.error !== null
  return (
    <Modal opened onClose={onClose} title={t('page.title')} size="lg" centered>
      <Stack gap="md">
        {isOver ? null : <p className="flush wrap">{t('page.text')}</p>}
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {page || isOver ? null : <LoadingRows rows={1} height={40} />}
        {page && !isOver ? <Address address={page.address} /> : null}
        <div role="status">
          <Progress proof={proof} />
        </div>
        <DialogFoot>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t(isOver ? 'ui:close' : 'ui:confirm.cancel')}
          </Button>
          {isOver && outcome?.outcome !== 'trusted' ? (
            <EngineButton onClick={again}>{t('ui:again')}</EngineButton>
          ) : null}
        </DialogFoot>
      </Stack>
    </Modal>
  )
}

function Address({ address }: { address: string }) {
  const { t } = useTranslation('trust')
  return (
    <>
      <Command value={address} label={t('page.address')} />
      <Group>
        <Button
          component="a"
          href={address}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconExternalLink size={16} />}
        >
          {t(window.edgekeepDesktop ? 'page.open.desktop' : 'page.open.web')}
        </Button>
      </Group>
    </>
  )
}

function Progress({ proof: { page, opened, outcome } }: { proof: ProofPage }) {
  const { t } = useTranslation('trust')
  if (outcome) return <Outcome outcome={outcome} />
  if (!page) return null
  const time = new Date(page.expiresAt).toLocaleTimeString([], { timeStyle: 'short' })
  return (
    <div className="dim row gap-10">
      <Loader size={16} aria-hidden />
      <span>{opened ? t('page.opened', { browser: opened.browser }) : t('page.waiting', { time })}</span>
    </div>
  )
}

function Outcome({ outcome }: { outcome: NonNullable<ProofPage['outcome']> }) {
  const { t } = useTranslation('trust')
  const isTrusted = outcome.outcome === 'trusted'
  const Sign = isTrusted ? IconCircleCheckFilled : IconAlertTriangle
  return (
    <Note tone={isTrusted ? 'works' : 'caution'}>
      <Sign size={22} aria-hidden />
      <Stack gap={6}>
        <h3 className="text-md strong flush">{outcome.title}</h3>
        <p className="flush wrap">{outcome.sentence}</p>
        {outcome.words ? (
          <p className="dim text-sm flush wrap">{t('page.saw', { words: outcome.words })}</p>
        ) : null}
        {outcome.todo ? <p className="flush wrap">{outcome.todo}</p> : null}
      </Stack>
    </Note>
  )
}

type EventOf<T extends ProofPageEvent['type']> = Extract<ProofPageEvent, { type: T }>

interface ProofPage {
  call: Call
  page: EventOf<'page'> | null
  opened: EventOf<'opened'> | null
  outcome: EventOf<'outcome'> | null
  /** Restarts with a new URL. */
  again: () => void
}

/** Probe page that waits for a browser while mounted, and its result. */
function useProofPage(): ProofPage {
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [attempt, setAttempt] = useState(1)
  const [events, setEvents] = useState<ProofPageEvent[]>([])
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    setEvents([])
    void run(async () => {
      try {
        for await (const event of await client.trust.provePage(undefined, { signal }))
          if (!signal.aborted) setEvents((before) => [...before, event])
      } catch (error) {
        if (!signal.aborted) throw error
      }
    })
    return () => controller.abort()
  }, [client, run, attempt])
  const again = useCallback(() => setAttempt((before) => before + 1), [])
  return {
    call,
    again,
    page: events.find((event) => event.type === 'page') ?? null,
    opened: events.find((event) => event.type === 'opened') ?? null,
    outcome: events.find((event) => event.type === 'outcome') ?? null,
  }
}
