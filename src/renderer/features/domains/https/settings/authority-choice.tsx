import { Select, Anchor, Button, Checkbox, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeAccount, AcmeDirectory } from '../../../../../contract/acme/acme.ts'
import { useClient } from '../../../../connection/engine-context.tsx'
import { PersistentRecords } from '../../../../ui/certificate/persistent-records.tsx'
import { ErrorPanel, useCall } from '../../../../ui/feedback/feedback.tsx'
import { newAccount, type HttpsForm } from './decision.ts'
import classes from './dialog.module.css'
import { acmeDirectories } from '../../../../../domain/acme-directories.ts'

const local = 'local'

/** Issuer of a free certificate: the local authority or an ACME authority. */
export function AuthorityChoice(props: {
  names: string[]
  form: HttpsForm
  onForm: (form: HttpsForm) => void
}) {
  const { t } = useTranslation('domains')
  const { form, onForm } = props
  const client = useClient()
  const { run, error } = useCall()
  const [accounts, setAccounts] = useState<AcmeAccount[]>([])
  useEffect(() => {
    void run(() => client.acme.accounts()).then((found) => found && setAccounts(found))
  }, [client, run])
  const choose = (value: string | null) => onForm({ ...form, account: value === local ? null : value })
  const added = (account: AcmeAccount) => {
    setAccounts([...accounts, account])
    onForm({ ...form, account: account.id })
  }
  return (
    <>
      <Select
        label={t('settings.free.authority')}
        allowDeselect={false}
        value={form.account ?? local}
        onChange={choose}
        data={[
          { value: local, label: t('settings.free.local') },
          ...accounts.map(({ id, name }) => ({ value: id, label: name })),
          { value: newAccount, label: t('settings.free.new') },
        ]}
      />
      {error ? <ErrorPanel error={error} /> : null}
      {form.account === newAccount ? <AccountForm onAdded={added} /> : null}
      {form.account === null || form.account === newAccount ? null : (
        <>
          <ChallengeChoice form={form} onForm={onForm} />
          {form.challenge === 'dns-persist-01' ? (
            <PersistentRecords key={form.account} account={form.account} names={props.names} />
          ) : null}
        </>
      )}
    </>
  )
}

/** dns-01 needs a DNS method, which is configured on the Issuing page. */
function ChallengeChoice({ form, onForm }: { form: HttpsForm; onForm: (form: HttpsForm) => void }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const { run } = useCall()
  const [methods, setMethods] = useState<string[]>([])
  useEffect(() => {
    void run(() => client.acme.dnsMethods()).then(
      (found) => found && setMethods(found.map(({ name }) => name)),
    )
  }, [client, run])
  const ways = [
    { value: 'http-01', label: t('settings.free.http01') },
    { value: 'tls-alpn-01', label: t('settings.free.tlsAlpn01') },
    { value: 'dns-persist-01', label: t('settings.free.dnsPersist01') },
    ...methods.map((name) => ({ value: `dns ${name}`, label: t('settings.free.dns01', { name }) })),
  ]
  return (
    <Select
      label={t('settings.free.challenge')}
      description={t('settings.free.challengeText')}
      allowDeselect={false}
      value={form.challenge}
      onChange={(value) => onForm({ ...form, challenge: value ?? 'http-01' })}
      data={ways}
    />
  )
}

const other = 'other'

/** Creates an ACME account. Reads the directory first, for the terms of service that the user must accept. */
function AccountForm({ onAdded }: { onAdded: (account: AcmeAccount) => void }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const [choice, setChoice] = useState<string>(acmeDirectories[0].id)
  const [url, setUrl] = useState('')
  const [email, setEmail] = useState('')
  const [binding, setBinding] = useState({ keyId: '', macKey: '' })
  const [found, setFound] = useState<AcmeDirectory | null>(null)
  const [isAgreed, setIsAgreed] = useState(false)
  const directory = choice === other ? url.trim() : choice
  const title = acmeDirectories.find(({ id }) => id === choice)?.title ?? found?.host ?? ''
  useEffect(() => setFound(null), [directory])

  async function look() {
    const answer = await call.run((client) => client.acme.directory({ directory }))
    if (answer) setFound(answer)
  }
  async function add() {
    const needed = found?.needsBinding ? { binding } : {}
    const wanted = { name: title, directory, agreed: isAgreed, ...needed, ...(email === '' ? {} : { email }) }
    const account = await call.run((client) => client.acme.addAccount(wanted))
    if (account) onAdded(account)
  }
  return (
    <div className={classes.account}>
      <Select
        label={t('settings.account.directory')}
        allowDeselect={false}
        value={choice}
        onChange={(value) => setChoice(value ?? other)}
        data={[
          ...acmeDirectories.map((each) => ({ value: each.id as string, label: each.title as string })),
          { value: other, label: t('settings.account.other') },
        ]}
      />
      {choice === other ? (
        <TextInput
          label={t('settings.account.url')}
          placeholder="https://ca.example/acme/directory"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
      ) : null}
      {found ? (
        <>
          <TextInput
            label={t('settings.account.email')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {found.needsBinding ? <BindingFields binding={binding} onChange={setBinding} /> : null}
          {found.termsOfService === null ? null : (
            <Checkbox
              checked={isAgreed}
              onChange={(event) => setIsAgreed(event.currentTarget.checked)}
              label={
                <>
                  {t('settings.account.agree', { host: found.host })}{' '}
                  <Anchor href={found.termsOfService} target="_blank" rel="noreferrer" size="sm">
                    {t('settings.account.terms')}
                  </Anchor>
                </>
              }
            />
          )}
        </>
      ) : null}
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <Button
        variant="default"
        size="sm"
        loading={call.busy}
        disabled={directory === '' || (found !== null && found.termsOfService !== null && !isAgreed)}
        onClick={() => void (found ? add() : look())}
      >
        {t(found ? 'settings.account.add' : 'settings.account.look')}
      </Button>
    </div>
  )
}

interface Binding {
  keyId: string
  macKey: string
}

function BindingFields({ binding, onChange }: { binding: Binding; onChange: (binding: Binding) => void }) {
  const { t } = useTranslation(['domains', 'issuing'])
  return (
    <>
      <TextInput
        label={t('settings.account.keyId')}
        value={binding.keyId}
        onChange={(event) => onChange({ ...binding, keyId: event.currentTarget.value })}
      />
      <TextInput
        label={t('issuing:bindings.macKey')}
        type="password"
        autoComplete="off"
        value={binding.macKey}
        onChange={(event) => onChange({ ...binding, macKey: event.currentTarget.value })}
      />
    </>
  )
}
