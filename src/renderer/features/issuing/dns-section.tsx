import { Group, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DnsMethod } from '../../../contract/acme/acme.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { ConfirmCall } from '../../ui/forms/dialog.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { addDnsMethod } from './actions.ts'
import { DnsDialog, WaitDialog } from './dns-dialog.tsx'

/** DNS methods for the TXT records of dns-01. Their secrets are sealed and never shown. */
export function DnsSection({ methods, changed }: { methods: DnsMethod[]; changed: () => void }) {
  const { t } = useTranslation('issuing')
  const [isAdding, setIsAdding] = useState(false)
  const [removing, setRemoving] = useState<DnsMethod | null>(null)
  const [waiting, setWaiting] = useState<DnsMethod | null>(null)
  const close = () => {
    setIsAdding(false)
    setRemoving(null)
    setWaiting(null)
    changed()
  }
  return (
    <Section
      title={t('dns.title')}
      description={t('dns.description')}
      aside={<ActionButton action={addDnsMethod} variant="default" act={() => setIsAdding(true)} />}
    >
      {methods.length === 0 ? <p>{t('dns.none')}</p> : null}
      {methods.length > 0 ? (
        <Table aria-label={t('dns.title')} verticalSpacing={6}>
          <Table.Tbody>
            {methods.map((method) => (
              <Table.Tr key={method.id}>
                <Table.Td>{method.name}</Table.Td>
                <Table.Td>{t(`dns.kind.${method.settings.kind}`)}</Table.Td>
                <Table.Td>{placeOf(method)}</Table.Td>
                <Table.Td>
                  {method.waitSeconds === 0
                    ? t('dns.waitsNot')
                    : t('dns.waits', { count: method.waitSeconds })}
                </Table.Td>
                <Table.Td align="right">
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    <ChangeButton size="compact-xs" variant="default" onClick={() => setWaiting(method)}>
                      {t('dns.changeWait')}
                    </ChangeButton>
                    <ChangeButton size="compact-xs" variant="default" onClick={() => setRemoving(method)}>
                      {t('accounts.remove.open')}
                    </ChangeButton>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {isAdding ? <DnsDialog onClose={close} /> : null}
      {waiting ? <WaitDialog method={waiting} onClose={close} /> : null}
      {removing ? <RemoveDialog method={removing} onClose={close} /> : null}
    </Section>
  )
}

function placeOf({ settings }: DnsMethod): string {
  if (settings.kind === 'hook') return settings.command.join(' ')
  if (settings.kind === 'acme-dns') return settings.server
  return `${settings.server}:${settings.port}, ${settings.zone}`
}

function RemoveDialog({ method: { id, name }, onClose }: { method: DnsMethod; onClose: () => void }) {
  const { t } = useTranslation(['issuing', 'domains'])
  return (
    <ConfirmCall
      title={t('dns.removeTitle', { name })}
      confirmLabel={t('domains:routes.remove')}
      act={(client) => client.acme.removeDnsMethod({ reference: id })}
      done={t('dns.removed', { name })}
      onClose={onClose}
    >
      <p>{t('dns.removeText')}</p>
    </ConfirmCall>
  )
}
