import { Group, Modal, NumberInput, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoticeKind, NoticeSettings } from '../../../../contract/notices/notices.ts'
import { ErrorPanel, notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { CancelButton, CommandLineOnly, DialogFoot, SubmitForm } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'

const kinds: NoticeKind[] = ['webhook', 'slack', 'dingtalk', 'email', 'command']
const command = 'edgekeep notice add NAME --command /path/to/program'

/** Adds a channel. Secrets are read from their fields on submit, and never in React state. */
export function NoticeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const secret = useRef<HTMLInputElement>(null)
  const signingSecret = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [kind, setKind] = useState<NoticeKind>('webhook')
  const [mail, setMail] = useState(emptyMail)
  const [hasSecret, setHasSecret] = useState(false)
  const settings = settingsOf(kind, mail)
  const isComplete = settings !== null && name.trim() !== '' && (hasSecret || kind === 'email')
  const send = async () => {
    const typed = [secret, signingSecret]
      .map(({ current }) => current?.value ?? '')
      .join('\n')
      .trim()
    if (!isComplete) return
    const wanted = { name: name.trim(), settings, ...(typed === '' ? {} : { secret: typed }) }
    const made = await call.run((client) => client.notices.add(wanted))
    if (!made) return
    notifyDone(t('notices.added', { name: made.name }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('notices.addTitle')} size="md">
      <SubmitForm onSubmit={send}>
        <Stack gap="md">
          <Select
            label={t('notices.how')}
            allowDeselect={false}
            value={kind}
            onChange={(value) => setKind(kinds.find((each) => each === value) ?? 'webhook')}
            data={kinds.map((value) => ({ value, label: t(`notices.kind.${value}`) }))}
          />
          {kind === 'command' ? (
            <CommandLineOnly
              text={t('notices.commandText')}
              command={command}
              label={t('notices.command')}
              onClose={onClose}
            />
          ) : (
            <>
              <TextInput
                label={t('notices.name')}
                maxLength={120}
                data-autofocus
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              {kind === 'email' ? <MailFields mail={mail} onChange={setMail} /> : null}
              <PasswordInput
                ref={secret}
                label={t(kind === 'email' ? 'notices.password' : 'notices.url')}
                description={t('notices.secretText')}
                autoComplete="off"
                readOnly={call.busy}
                onChange={({ currentTarget }) => setHasSecret(currentTarget.value !== '')}
              />
              {kind === 'dingtalk' ? (
                <PasswordInput
                  ref={signingSecret}
                  label={t('notices.signingSecret')}
                  description={t('notices.secretText')}
                  autoComplete="off"
                  readOnly={call.busy}
                />
              ) : null}
              {call.error ? <ErrorPanel error={call.error} /> : null}
              <DialogFoot reason={isComplete ? null : t('notices.missing')}>
                <CancelButton onClick={onClose} />
                <ChangeButton type="submit" loading={call.busy} disabled={!isComplete}>
                  {t('notices.do')}
                </ChangeButton>
              </DialogFoot>
            </>
          )}
        </Stack>
      </SubmitForm>
    </Modal>
  )
}

interface MailForm {
  host: string
  port: number
  security: 'tls' | 'starttls' | 'none'
  user: string
  to: string
}

const emptyMail: MailForm = { host: '', port: 465, security: 'tls', user: '', to: '' }
const usualPorts: Record<MailForm['security'], number> = { tls: 465, starttls: 587, none: 25 }
const securities = Object.keys(usualPorts) as MailForm['security'][]

/** Null while a field is missing. */
function settingsOf(kind: NoticeKind, mail: MailForm): NoticeSettings | null {
  if (kind === 'command') return null
  if (kind !== 'email') return { kind }
  const to = mail.to.split(/[\s,]+/).filter((each) => each !== '')
  const [from] = to
  if (mail.host.trim() === '' || from === undefined) return null
  const { port, security } = mail
  const user = mail.user.trim() || null
  return { kind, host: mail.host.trim(), port, security, user, from, to }
}

function MailFields({ mail, onChange }: { mail: MailForm; onChange: (mail: MailForm) => void }) {
  const { t } = useTranslation('settings')
  const field = (key: 'to' | 'host' | 'user', placeholder: string) => (
    <TextInput
      key={key}
      label={t(`notices.${key}`)}
      placeholder={placeholder}
      value={mail[key]}
      onChange={({ currentTarget }) => onChange({ ...mail, [key]: currentTarget.value })}
    />
  )
  const secure = (value: string | null) => {
    const security = securities.find((each) => each === value) ?? 'tls'
    onChange({ ...mail, security, port: usualPorts[security] })
  }
  return (
    <>
      {field('to', 'me@shop.example')}
      {field('host', 'mail.shop.example')}
      <Group grow>
        <Select
          label={t('notices.security')}
          allowDeselect={false}
          value={mail.security}
          onChange={secure}
          data={securities.map((value) => ({ value, label: t(`notices.secure.${value}`) }))}
        />
        <NumberInput
          label={t('notices.port')}
          min={1}
          max={65_535}
          value={mail.port}
          onChange={(port) => onChange({ ...mail, port: Number(port) })}
        />
      </Group>
      {field('user', '')}
    </>
  )
}
