import { Group, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence } from '../../../contract/errors/registry.ts'
import type { Published } from '../../../contract/lan/published.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { isMdnsName } from '../../../domain/local-names.ts'
import { useDomains, useEngineStatus } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { notifyFailed, useCall } from '../../ui/feedback/feedback.tsx'
import { ConfirmDialog } from '../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { letDeviceTrust, publishDomain } from './actions.ts'
import { AddressChoice } from './address-choice.tsx'
import { DeviceDialog } from './device-dialog.tsx'
import classes from './trust.module.css'

/** Domains that other devices reach, and the page from which a device gets the root. */
export function DevicesSection({ hasAuthority }: { hasAuthority: boolean }) {
  const { t } = useTranslation('trust')
  const published = useEngineStatus((state) => state.value?.edge.published)
  const [dialog, setDialog] = useState<'page' | 'publish' | null>(null)
  const close = () => setDialog(null)
  const rows = published?.flatMap((each) => each.domains.map((domain) => ({ ...each, domain }))) ?? []
  return (
    <Section
      title={t('devices.title')}
      description={t('devices.description')}
      aside={
        <Group gap="xs">
          <ActionButton action={publishDomain} size="xs" variant="default" act={() => setDialog('publish')} />
          {hasAuthority ? (
            <ActionButton action={letDeviceTrust} size="xs" variant="default" act={() => setDialog('page')} />
          ) : null}
        </Group>
      }
    >
      {rows.length === 0 ? <p className="flush">{t('devices.none')}</p> : null}
      <ul className="plain-list">
        {rows.map((row) => (
          <PublishedRow key={`${row.address} ${row.domain}`} {...row} />
        ))}
      </ul>
      {dialog === 'page' ? <DeviceDialog onClose={close} /> : null}
      {dialog === 'publish' ? <PublishDialog onClose={close} /> : null}
    </Section>
  )
}

function PublishedRow({ domain, address, failure, taken }: Published & { domain: string }) {
  const { t } = useTranslation('trust')
  const https = useEngineStatus((state) => state.value?.edge.https)
  const { run, busy } = useCall()
  const port = !https || https.port === 443 ? '' : `:${https.port}`
  const name = readableName(domain)
  const off = async () => {
    await run((client) =>
      client.lan
        .off({ domains: [domain] })
        .catch((error: unknown) => notifyFailed(t('devices.notOff'), error)),
    )
  }
  return (
    <li className={classes.row}>
      <div className={classes.facts}>
        <strong className="wrap">{`https://${name}${port}`}</strong>
        <span className={failure || taken.includes(domain) ? 'no' : 'dim'}>
          {failure
            ? errorSentence('lan.not_listening', { address, ...failure })
            : taken.includes(domain)
              ? t('devices.taken', { name })
              : t(isMdnsName(domain) ? 'devices.found' : 'devices.notFound', { address, name })}
        </span>
      </div>
      <ChangeButton size="xs" variant="default" loading={busy} onClick={() => void off()}>
        {t('devices.off')}
      </ChangeButton>
    </li>
  )
}

/** Chooses the domain; a computer in several networks also asks for the address. */
function PublishDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('trust')
  const call = useCall()
  const names = useDomains((state) => state.items).map(({ name }) => name)
  const [domain, setDomain] = useState<string | null>(null)
  const [address, setAddress] = useState<string | undefined>()
  const confirm = async () => {
    const input = { domains: [domain ?? ''], address }
    if (await call.run((client) => client.lan.on(input))) onClose()
  }
  return (
    <ConfirmDialog
      opened
      title={t('devices.publishTitle')}
      confirmLabel={t('devices.publishDo')}
      call={call}
      tone="plain"
      isIncomplete={domain === null}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Select
        label={t('devices.domain')}
        searchable
        limit={50}
        data={names.map((value) => ({ value, label: readableName(value) }))}
        value={domain}
        onChange={setDomain}
        nothingFoundMessage={t('devices.noDomain')}
      />
      <AddressChoice error={call.error} value={address} onChange={setAddress} />
      <p>{t('devices.publishText')}</p>
      {domain !== null && !isMdnsName(domain) ? (
        <p>{t('devices.noName', { name: readableName(domain) })}</p>
      ) : null}
    </ConfirmDialog>
  )
}
