import { ActionIcon, Tooltip, Button, NumberInput, Select, Stack } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { useOffer } from '../../ui/actions/offers.ts'
import { shortDate } from '../../ui/primitives/time.tsx'
import { useLocked } from '../../ui/primitives/change-controls.tsx'
import { changeRenewal } from './actions.ts'
import classes from './certificate-drawer.module.css'
import type { AcmeAccount, DnsMethod } from '../../../contract/acme/acme.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { PersistentRecords } from '../../ui/certificate/persistent-records.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import type { RenewalMethodInput } from '../../../contract/certificates/renewal-procedures.ts'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'

export function RenewalBlock({ summary }: { summary: CertificateSummary }) {
  const { t, i18n } = useTranslation(['certificates', 'domains'])
  const [editing, setEditing] = useState(false)
  const locked = useLocked()
  const offered = useOffer(changeRenewal, {
    act: () => setEditing(true),
    disabled: locked !== null || editing,
  })
  const { renewal } = summary
  const label = renewal
    ? t(`renewal.${renewal.by}`, {
        day: shortDate(renewal.at, i18n.language),
        account: renewal.account ?? '',
      })
    : t('renewal.none')
  return (
    <section className={classes.block} aria-label={t('domains:https.renewal.title')}>
      <h3 className={classes.heading}>
        {t('domains:https.renewal.title')}
        {editing ? null : (
          <Tooltip label={locked ?? t('renewal.change')}>
            <ActionIcon
              size="sm"
              ml={4}
              aria-label={t('renewal.change')}
              aria-disabled={locked !== null}
              onClick={() => locked === null && offered.act()}
              data-does={changeRenewal.id}
            >
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </h3>
      {editing ? (
        <RenewalForm summary={summary} onEnd={() => setEditing(false)} />
      ) : (
        <p className={renewal ? undefined : 'dim flush'}>{label}</p>
      )}
    </section>
  )
}

/** Renewal method: the default, an ACME account, or a reminder for a manual renewal. */
function RenewalForm({ summary, onEnd }: { summary: CertificateSummary; onEnd: () => void }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const call = useCall()
  const [asked, setAsked] = useState<RenewalChoice>(() => askedOf(summary))
  const request = renewalRequestOf(asked)
  const save = async () => {
    if (request === undefined) return
    if (await call.run((client) => client.renewal.set({ id: summary.id, wish: request }))) onEnd()
  }
  return (
    <SubmitForm onSubmit={save}>
      <Stack gap="sm">
        <Select
          label={t('renewal.how')}
          allowDeselect={false}
          value={asked.by}
          onChange={(value) =>
            setAsked({ ...asked, by: choices.find((choice) => choice === value) ?? 'usual' })
          }
          data={[
            {
              value: 'usual',
              label: t(summary.kind === 'free' ? 'renewal.usualFree' : 'renewal.usualUploaded'),
            },
            { value: 'acme', label: t('renewal.byAcme') },
            { value: 'reminder', label: t('renewal.byReminder') },
            ...(summary.kind === 'free' ? [{ value: 'off', label: t('renewal.usualUploaded') }] : []),
          ]}
        />
        {asked.by === 'acme' ? <AcmeFields summary={summary} asked={asked} onAsk={setAsked} /> : null}
        {asked.by === 'off' ? <p className="dim flush">{t('renewal.offText')}</p> : null}
        {asked.by === 'reminder' ? (
          <NumberInput
            label={t('renewal.days')}
            min={1}
            max={365}
            value={asked.days}
            onChange={(days) => setAsked({ ...asked, days })}
          />
        ) : null}
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <div className="at-end line gap-8">
          <CancelButton onClick={onEnd} />
          <Button type="submit" loading={call.busy} disabled={request === undefined}>
            {t('ui:save')}
          </Button>
        </div>
      </Stack>
    </SubmitForm>
  )
}

function AcmeFields(props: {
  summary: CertificateSummary
  asked: RenewalChoice
  onAsk: (asked: RenewalChoice) => void
}) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const { run, error } = useCall()
  const [known, setKnown] = useState<{ accounts: AcmeAccount[]; methods: DnsMethod[] } | null>(null)
  useEffect(() => {
    void run(() => Promise.all([client.acme.accounts(), client.acme.dnsMethods()])).then(
      (found) => found && setKnown({ accounts: found[0], methods: found[1] }),
    )
  }, [client, run])
  const { summary, asked, onAsk } = props
  const hasWildcard = summary.dnsNames.some((name) => name.startsWith('*.'))
  const byEdge = [
    { value: 'http-01', label: t('renewal.http01') },
    { value: 'tls-alpn-01', label: t('renewal.tlsAlpn01') },
  ]
  const byDns = (known?.methods ?? []).map(({ name }) => ({
    value: `dns ${name}`,
    label: t('renewal.dns01', { name }),
  }))
  const persistent = { value: 'dns-persist-01', label: t('renewal.dnsPersist01') }
  const ways = [...(hasWildcard ? [] : byEdge), ...byDns, persistent]
  if (error) return <ErrorPanel error={error} />
  if (known?.accounts.length === 0) return <p className="dim flush">{t('renewal.noAccount')}</p>
  return (
    <>
      <Select
        label={t('renewal.account')}
        value={asked.account}
        onChange={(account) => onAsk({ ...asked, account, challenge: ways[0]?.value ?? asked.challenge })}
        data={(known?.accounts ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        label={t('renewal.challenge')}
        allowDeselect={false}
        value={asked.challenge}
        onChange={(challenge) => onAsk({ ...asked, challenge: challenge ?? 'http-01' })}
        data={ways}
      />
      {asked.challenge === 'dns-persist-01' && asked.account !== null ? (
        <PersistentRecords key={asked.account} account={asked.account} names={summary.dnsNames} />
      ) : null}
    </>
  )
}

/** Challenges that need no DNS method. */
const byItself = ['http-01', 'tls-alpn-01', 'dns-persist-01'] as const

const choices = ['usual', 'acme', 'reminder', 'off'] as const

interface RenewalChoice {
  by: (typeof choices)[number]
  account: string | null
  /** A challenge, or `dns ` and the name of a DNS method. */
  challenge: string
  days: number | string
}

/** Form values of the current renewal method. */
function askedOf({ kind, renewal, notAfter }: CertificateSummary): RenewalChoice {
  const withoutOne = kind === 'free' ? 'off' : 'usual'
  const by = renewal === null ? withoutOne : renewal.by === 'local' ? 'usual' : renewal.by
  const daysBefore = renewal ? Math.round((Date.parse(notAfter) - Date.parse(renewal.at)) / 86_400_000) : 30
  return { by, account: null, challenge: 'http-01', days: by === 'reminder' ? daysBefore : 30 }
}

/** Request for the engine; null for the default method, undefined while incomplete. */
function renewalRequestOf({
  by,
  account,
  challenge,
  days,
}: RenewalChoice): RenewalMethodInput | null | undefined {
  if (by === 'usual') return null
  if (by === 'off') return { by }
  if (by === 'reminder')
    return typeof days === 'number' && days >= 1 && days <= 365 ? { by, days: Math.floor(days) } : undefined
  if (account === null) return undefined
  const dnsMethod = challenge.startsWith('dns ') ? challenge.slice('dns '.length) : null
  const type = dnsMethod === null ? (byItself.find((way) => way === challenge) ?? 'http-01') : 'dns-01'
  return { by, account, challenge: type, dnsMethod, keyType: 'p256', profile: null, preferredIssuer: null }
}
