import { Anchor, Button, Popover, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../contract/domains/domains.ts'
import { useEngineStatus } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { openInBrowser } from './actions.ts'
import { addressOf, hostFor, resolvesByItself } from './address.ts'
import classes from './domain-page.module.css'
import { Command } from '../../ui/primitives/note.tsx'

/** Link to the domain on this edge, with the steps a browser needs to resolve the name. */
export function OpenInBrowser({ domain, label }: { domain: Domain; label?: string }) {
  const { t } = useTranslation('domains')
  const edge = useEngineStatus((state) => state.value?.edge)
  const address = addressOf(domain, edge)
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={400} position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <ActionButton action={openInBrowser} label={label} variant="default" act={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('open.title')}>
        {address ? (
          <Address domain={domain} address={address} />
        ) : (
          <p className="dim flush">{t('open.noEdge')}</p>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function Address({ domain, address }: { domain: Domain; address: string }) {
  const { t } = useTranslation('domains')
  return (
    <Stack gap={10}>
      <div className="well row between gap-8" style={{ padding: '6px 8px 6px 10px' }}>
        <Anchor
          href={address}
          target="_blank"
          rel="noreferrer"
          className={classes.address}
          aria-label={t('open.link', { url: address })}
        >
          {address}
        </Anchor>
        <CopyIcon value={address} label={t('open.url')} />
      </div>
      {domain.https.state === 'on' ? null : <p className="dim flush">{t('open.notOn')}</p>}
      <OwnBrowser name={domain.name} />
      <NameNote name={domain.name} />
    </Stack>
  )
}

/** Alternative that changes nothing on this computer. */
function OwnBrowser({ name }: { name: string }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const [opened, setOpened] = useState<string | null>(null)
  const open = async () => {
    const answer = await call.run((client) => client.names.openSite({ name }))
    if (answer) setOpened(answer.browser)
  }
  return (
    <>
      <Button variant="default" size="xs" loading={call.busy} onClick={() => void open()}>
        {t('open.own')}
      </Button>
      <p className="dim flush" role="status">
        {opened ? t('open.ownOpened', { browser: opened }) : t('open.ownText')}
      </p>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}

function NameNote({ name }: { name: string }) {
  const { t } = useTranslation('domains')
  if (resolvesByItself(name)) return <p className="dim flush">{t('open.localhost')}</p>
  const line = `127.0.0.1 ${hostFor(name)}`
  return (
    <>
      <p className="dim flush">{t(name.startsWith('*.') ? 'open.hostsWildcard' : 'open.hosts')}</p>
      <Command value={line} label={t('open.line')} />
      <p className="dim flush">{t('open.hostsWhere')}</p>
    </>
  )
}
