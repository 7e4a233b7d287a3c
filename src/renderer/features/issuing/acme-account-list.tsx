import { Button, Group, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeAccount } from '../../../contract/acme/acme-server.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { ConfirmCall } from '../../ui/forms/dialog.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import type { Rows } from './use-issuing.ts'

type Act = 'end' | 'remove'

export function AcmeAccounts(props: {
  accounts: Rows<AcmeAccount>
  showMore: () => void
  changed: () => void
}) {
  const { accounts, showMore, changed } = props
  const { t } = useTranslation(['issuing', 'ui'])
  const [asked, setAsked] = useState<{ act: Act; account: AcmeAccount } | null>(null)
  if (accounts.rows.length === 0) return <p>{t('accounts.none')}</p>
  return (
    <>
      <Table aria-label={t('accounts.title')} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('accounts.client')}</Table.Th>
            <Table.Th>{t('accounts.status')}</Table.Th>
            <Table.Th>{t('accounts.certificates')}</Table.Th>
            <Table.Th>{t('accounts.seen')}</Table.Th>
            <Table.Th aria-label={t('issued.acts')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.rows.map((account) => (
            <AccountRow key={account.id} account={account} ask={(act) => setAsked({ act, account })} />
          ))}
        </Table.Tbody>
      </Table>
      {accounts.hasMore ? (
        <Button variant="subtle" size="xs" onClick={showMore}>
          {t('ui:more')}
        </Button>
      ) : null}
      {asked ? (
        <AccountDialog
          {...asked}
          onClose={() => {
            setAsked(null)
            changed()
          }}
        />
      ) : null}
    </>
  )
}

function AccountRow({ account, ask }: { account: AcmeAccount; ask: (act: Act) => void }) {
  const { t } = useTranslation('issuing')
  const { id, contacts, status, certificates, seenAt, userAgent } = account
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <span title={[id, userAgent, ...contacts].join(', ')}>{nameOf(account)}</span>
      </Table.Td>
      <Table.Td>{t(`accounts.${status}`)}</Table.Td>
      <Table.Td>{certificates}</Table.Td>
      <Table.Td>
        <RelativeTime at={seenAt} />
      </Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {status === 'valid' ? (
            <ChangeButton size="compact-xs" variant="default" onClick={() => ask('end')}>
              {t('accounts.end.open')}
            </ChangeButton>
          ) : null}
          <ChangeButton size="compact-xs" variant="default" onClick={() => ask('remove')}>
            {t('accounts.remove.open')}
          </ChangeButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function AccountDialog({ act, account, onClose }: { act: Act; account: AcmeAccount; onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const { id } = account
  return (
    <ConfirmCall
      title={t(`accounts.${act}.title`, { name: nameOf(account) })}
      confirmLabel={t(`accounts.${act}.do`)}
      act={({ acmeServer }) =>
        act === 'end' ? acmeServer.endAccount({ id }) : acmeServer.removeAccount({ id })
      }
      done={t(`accounts.${act}.done`, { name: nameOf(account) })}
      onClose={onClose}
    >
      <p>{t(`accounts.${act}.text`)}</p>
    </ConfirmCall>
  )
}

function nameOf({ id, contacts, userAgent }: AcmeAccount): string {
  return contacts[0]?.replace(/^mailto:/, '') ?? (userAgent.split(' ', 1)[0] || id)
}
