import { Select } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeAccount } from '../../../../../contract/acme.ts'
import { useClient } from '../../../../connection/engine-context.tsx'
import { PersistentRecords } from '../../../../ui/acme/persistent-records.tsx'
import { ErrorPanel } from '../../../../ui/states.tsx'
import { useCall } from '../../../../ui/use-call.ts'
import { AccountForm } from './account-form.tsx'
import { newAccount, type Wish } from './decision.ts'
import classes from './dialog.module.css'

const local = 'local'

/** Issuer of a free certificate: the local authority or an ACME authority. */
export function AuthorityChoice(props: { names: string[]; wish: Wish; onWish: (wish: Wish) => void }) {
  const { t } = useTranslation('domains')
  const { wish, onWish } = props
  const client = useClient()
  const { run, error } = useCall()
  const [accounts, setAccounts] = useState<AcmeAccount[]>([])
  useEffect(() => {
    void run(() => client.acme.accounts()).then((found) => found && setAccounts(found))
  }, [client, run])
  const choose = (value: string | null) => onWish({ ...wish, account: value === local ? null : value })
  const added = (account: AcmeAccount) => {
    setAccounts([...accounts, account])
    onWish({ ...wish, account: account.id })
  }
  return (
    <>
      <Select
        className={classes.freeNames}
        label={t('settings.free.authority')}
        allowDeselect={false}
        value={wish.account ?? local}
        onChange={choose}
        data={[
          { value: local, label: t('settings.free.local') },
          ...accounts.map(({ id, name }) => ({ value: id, label: name })),
          { value: newAccount, label: t('settings.free.new') },
        ]}
      />
      {error ? <ErrorPanel error={error} /> : null}
      {wish.account === newAccount ? <AccountForm onAdded={added} /> : null}
      {wish.account === null || wish.account === newAccount ? null : (
        <>
          <ChallengeChoice wish={wish} onWish={onWish} />
          {wish.challenge === 'dns-persist-01' ? (
            <PersistentRecords key={wish.account} account={wish.account} names={props.names} />
          ) : null}
        </>
      )}
    </>
  )
}

/** dns-01 needs a DNS method, which is configured on the Issuing page. */
function ChallengeChoice({ wish, onWish }: { wish: Wish; onWish: (wish: Wish) => void }) {
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
      value={wish.challenge}
      onChange={(value) => onWish({ ...wish, challenge: value ?? 'http-01' })}
      data={ways}
    />
  )
}
