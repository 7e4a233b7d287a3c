import { Modal, NumberInput, Stack } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { type DnsMethod, longestDnsWaitSeconds } from '../../../contract/acme/acme.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { DialogButtons } from './dialog-fields.tsx'

/** Timeout for the record to reach every name server of the zone. */
export function WaitField(props: { value: number | string; onChange: (value: number | string) => void }) {
  const { t } = useTranslation('issuing')
  return (
    <NumberInput
      label={t('dns.wait')}
      description={t('dns.waitText')}
      suffix={t('dns.seconds')}
      min={0}
      max={longestDnsWaitSeconds}
      allowDecimal={false}
      value={props.value}
      onChange={props.onChange}
    />
  )
}

export function WaitDialog({ method, onClose }: { method: DnsMethod; onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const [waitSeconds, setWaitSeconds] = useState<number | string>(method.waitSeconds)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (typeof waitSeconds !== 'number') return
    if (!(await call.run(() => client.acme.setDnsWait({ reference: method.id, waitSeconds })))) return
    notifyDone(t('dns.waitSet', { name: method.name, count: waitSeconds }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('dns.waitTitle', { name: method.name })} size="md">
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="md">
          <WaitField value={waitSeconds} onChange={setWaitSeconds} />
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <DialogButtons label={t('dns.waitDo')} isBusy={call.busy} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}
