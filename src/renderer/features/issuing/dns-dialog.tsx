import { Modal, PasswordInput, Select, Stack, TextInput, NumberInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { CommandLineOnly, SubmitForm } from '../../ui/forms/dialog.tsx'
import {
  defaultDnsWaitSeconds,
  type DnsSettings,
  type DnsMethod,
  longestDnsWaitSeconds,
} from '../../../contract/acme/acme.ts'
import { DialogButtons, FormDialog } from './dialog-fields.tsx'

const kinds: DnsForm['kind'][] = ['rfc2136', 'acme-dns', 'hook']
const algorithms: DnsForm['algorithm'][] = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512']
const hookCommand = 'edgekeep acme dns add NAME --hook /path/to/program'

/** Adds a DNS method. The secret is read from its field on submit, and never in React state. */
export function DnsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['issuing', 'ui'])
  const call = useCall()
  const secret = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [form, setForm] = useState<DnsForm>(emptyDnsForm)
  const [waitSeconds, setWaitSeconds] = useState<number | string>(defaultDnsWaitSeconds)
  const settings = dnsSettingsOf(form)
  const isComplete = settings !== null && name.trim() !== '' && typeof waitSeconds === 'number'
  const send = async () => {
    const typed = secret.current?.value ?? ''
    if (settings === null || name.trim() === '' || typeof waitSeconds !== 'number') return
    const wanted = { name: name.trim(), settings, waitSeconds, ...(typed === '' ? {} : { secret: typed }) }
    const made = await call.run((client) => client.acme.addDnsMethod(wanted))
    if (!made) return
    notifyDone(t('dns.added', { name: made.name }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('dns.open')} size="md">
      <SubmitForm onSubmit={send}>
        <Stack gap="md">
          <Select
            label={t('dns.how')}
            allowDeselect={false}
            value={form.kind}
            onChange={(value) =>
              setForm({ ...form, kind: kinds.find((kind) => kind === value) ?? 'rfc2136' })
            }
            data={kinds.map((kind) => ({ value: kind, label: t(`dns.kind.${kind}`) }))}
          />
          {form.kind === 'hook' ? (
            <CommandLineOnly
              text={t('dns.hookText')}
              command={hookCommand}
              label={t('dns.command')}
              onClose={onClose}
            />
          ) : (
            <>
              <TextInput
                label={t('dns.name')}
                maxLength={120}
                data-autofocus
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Fields form={form} onChange={setForm} />
              <PasswordInput
                ref={secret}
                label={t(form.kind === 'rfc2136' ? 'dns.tsigKey' : 'dns.password')}
                description={t('dns.secretText')}
                autoComplete="off"
                readOnly={call.busy}
              />
              <WaitField value={waitSeconds} onChange={setWaitSeconds} />
              {call.error ? <ErrorPanel error={call.error} /> : null}
              <DialogButtons
                label={t('dns.do')}
                isBusy={call.busy}
                missing={isComplete ? null : t('missing.fields')}
                onClose={onClose}
              />
            </>
          )}
        </Stack>
      </SubmitForm>
    </Modal>
  )
}

function Fields({ form, onChange }: { form: DnsForm; onChange: (form: DnsForm) => void }) {
  const { t } = useTranslation('issuing')
  const field = (key: 'server' | 'username' | 'subdomain' | 'zone' | 'keyName', placeholder: string) => (
    <TextInput
      key={key}
      label={t(
        key === 'server' ? `dns.server.${form.kind === 'acme-dns' ? 'acmeDns' : 'update'}` : `dns.${key}`,
      )}
      placeholder={placeholder}
      value={form[key]}
      onChange={({ currentTarget }) => onChange({ ...form, [key]: currentTarget.value })}
    />
  )
  if (form.kind === 'acme-dns')
    return [field('server', 'https://auth.acme-dns.example'), field('username', ''), field('subdomain', '')]
  return (
    <>
      {field('server', '192.0.2.53:53')}
      {field('zone', 'example.com')}
      {field('keyName', 'acme')}
      <Select
        label={t('dns.algorithm')}
        allowDeselect={false}
        value={form.algorithm}
        onChange={(value) =>
          onChange({ ...form, algorithm: algorithms.find((each) => each === value) ?? 'hmac-sha256' })
        }
        data={algorithms}
      />
    </>
  )
}

/** Input of the form for a DNS method, without the secret. */
interface DnsForm {
  kind: 'acme-dns' | 'rfc2136' | 'hook'
  server: string
  username: string
  subdomain: string
  zone: string
  keyName: string
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'
}

const emptyDnsForm: DnsForm = {
  kind: 'rfc2136',
  server: '',
  username: '',
  subdomain: '',
  zone: '',
  keyName: '',
  algorithm: 'hmac-sha256',
}

/** Settings for the engine; null while incomplete. Servers may have a port: `192.0.2.53:5353`, `[::1]:53`. */
function dnsSettingsOf(form: DnsForm): DnsSettings | null {
  const { kind, algorithm } = form
  const [server, username, subdomain, zone, keyName] = [
    form.server,
    form.username,
    form.subdomain,
    form.zone,
    form.keyName,
  ].map((text) => text.trim()) as [string, string, string, string, string]
  if (kind === 'hook' || server === '') return null
  if (kind === 'acme-dns') return username && subdomain ? { kind, server, username, subdomain } : null
  const [, bracketed, bare, port = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  const host = bracketed ?? bare ?? server
  return zone && keyName ? { kind, server: host, port: Number(port), zone, keyName, algorithm } : null
}

/** Timeout for the record to reach every name server of the zone. */
function WaitField(props: { value: number | string; onChange: (value: number | string) => void }) {
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
  const { t } = useTranslation(['issuing', 'ui'])
  const call = useCall()
  const [waitSeconds, setWaitSeconds] = useState<number | string>(method.waitSeconds)
  const send = async () => {
    if (typeof waitSeconds !== 'number') return
    if (!(await call.run((client) => client.acme.setDnsWait({ reference: method.id, waitSeconds })))) return
    notifyDone(t('dns.waitSet', { name: method.name, count: waitSeconds }))
    onClose()
  }
  return (
    <FormDialog
      title={t('dns.waitTitle', { name: method.name })}
      size="md"
      submitLabel={t('ui:save')}
      call={call}
      onSubmit={send}
      onClose={onClose}
    >
      <WaitField value={waitSeconds} onChange={setWaitSeconds} />
    </FormDialog>
  )
}
