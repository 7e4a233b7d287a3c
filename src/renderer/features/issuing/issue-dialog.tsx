import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import { useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { longestLifeDays, type KeyKind, type LeafUsage } from '../../../contract/issuing/issuing.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { saveBlob } from '../../ui/primitives/download.ts'
import { NewPassphrase, type NewPassphraseHandle } from '../../ui/forms/new-passphrase.tsx'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'
import { KeyField, NamesField, namesIn, FormDialog } from './dialog-fields.tsx'

const usages: LeafUsage[] = ['server', 'both', 'client']

/** Issues a certificate of the local authority. Its key stays in the vault or is exported once, encrypted. */
export function IssueDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const [names, setNames] = useState('')
  const [usage, setUsage] = useState<LeafUsage>('server')
  const [key, setKey] = useState<KeyKind>('p256')
  const [days, setDays] = useState<number | string>(longestLifeDays)
  const [holder, setHolder] = useState('')
  const passphrase = useRef<NewPassphraseHandle>(null)
  const { call, submit } = useIssue({
    names,
    usage,
    key,
    days,
    holder,
    passphrase,
    onClose,
  })
  const isNamed = usage === 'client' ? holder.trim() !== '' : namesIn(names).length > 0
  const missing = !isNamed
    ? t(usage === 'client' ? 'missing.holder' : 'missing.names')
    : typeof days === 'number'
      ? null
      : t('missing.days')
  return (
    <FormDialog
      title={t('issue.open')}
      size="lg"
      submitLabel={t('issue.do')}
      call={call}
      missing={missing}
      onSubmit={submit}
      onClose={onClose}
    >
      <NamesField description={t('issue.namesText')} value={names} onChange={setNames} />
      <Group grow align="flex-start">
        <Select
          label={t('issued.for')}
          data={usages.map((value) => ({ value, label: t(`usage.${value}`) }))}
          value={usage}
          onChange={(value) => setUsage(usages.find((each) => each === value) ?? 'server')}
          allowDeselect={false}
        />
        <KeyField value={key} onChange={setKey} />
        <NumberInput
          label={t('issue.days')}
          value={days}
          onChange={setDays}
          min={1}
          max={longestLifeDays}
          allowDecimal={false}
        />
      </Group>
      {usage === 'client' ? (
        <>
          <TextInput
            label={t('issue.holder')}
            description={t('issue.holderText')}
            value={holder}
            maxLength={64}
            onChange={({ currentTarget: { value } }) => setHolder(value)}
          />
          <NewPassphrase
            ref={passphrase}
            label={t('issue.passphrase')}
            description={t('issue.passphraseText')}
            busy={call.busy}
          />
        </>
      ) : null}
      <p role="status">{usage === 'client' ? t('issue.leaves') : t('issue.stays')}</p>
    </FormDialog>
  )
}

function useIssue(of: {
  names: string
  usage: LeafUsage
  key: KeyKind
  days: number | string
  holder: string
  passphrase: RefObject<NewPassphraseHandle | null>
  onClose: () => void
}) {
  const { t } = useTranslation(['issuing', 'certificates'])
  const client = useClient()
  const call = useCall()
  const send = async () => {
    const { usage, key, holder } = of
    const wanted = { names: namesIn(of.names), key, lifeHours: Number(of.days) * 24 }
    if (usage === 'client') {
      const passphrase = of.passphrase.current?.read() ?? null
      if (passphrase === null) return
      of.passphrase.current?.clear()
      const { issueForDevice } = client.localCertificates
      const file = await call.run(() => issueForDevice({ ...wanted, holder, passphrase }))
      if (!file) return
      saveBlob(file.name, file)
      notifyDone(t('issue.gone', { name: file.name }))
    } else {
      const made = await call.run(() => client.localCertificates.issue({ ...wanted, usage }))
      if (!made) return
      notifyDone(t('certificates:import.done', { name: made.name }))
    }
    of.onClose()
  }
  const submit = () => {
    void send()
  }
  return { call, submit }
}
