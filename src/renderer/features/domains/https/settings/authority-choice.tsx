import { Select } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeAccount } from '../../../../../contract/acme/acme.ts'
import { useClient } from '../../../../connection/engine-context.tsx'
import { PersistentRecords } from '../../../../ui/certificate/persistent-records.tsx'
import { ErrorPanel, useCall } from '../../../../ui/feedback/feedback.tsx'
import { AccountForm } from './account-form.tsx'
import { newAccount, type HttpsForm } from './decision.ts'
import classes from './dialog.module.css'

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
        className={classes.freeNames}
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
      className={classes.freeNames}
      label={t('settings.free.challenge')}
      description={t('settings.free.challengeText')}
      allowDeselect={false}
      value={form.challenge}
      onChange={(value) => onForm({ ...form, challenge: value ?? 'http-01' })}
      data={ways}
    />
  )
}
