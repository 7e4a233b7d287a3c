import { Group, Modal, Select, Stack, Table } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useDomains } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import classes from '../policies.module.css'
import {
  policyDifferences,
  type PolicyDifference,
  policyFieldLabel,
  formatPolicyValue,
} from './format-policy.ts'
import { CancelButton } from '../../../ui/forms/dialog.tsx'
import { rowCount, TableRows, type RowAttributes } from '../../../ui/lists/visible-rows.tsx'

/** Copies all policies of another domain after a preview. */
export function CopyPoliciesDialog(props: {
  domains: readonly Domain[]
  onClose: () => void
  onDone: () => void
}) {
  const { t } = useTranslation('policies')
  const call = useCall()
  const all = useDomains((state) => state.items)
  const [from, setFrom] = useState<string | null>(null)
  const source = all.find(({ name }) => name === from)
  const targets = useMemo(() => props.domains.filter(({ name }) => name !== from), [props.domains, from])
  const differences = useMemo(
    () => (source ? policyDifferences(targets, source.policies) : []),
    [source, targets],
  )
  const hasPasswords = (source?.policies.access.users?.length ?? 0) > 0
  const copy = async () => {
    const to = targets.map(({ name }) => name)
    const done = await call.run((client) => client.domains.copyPolicies({ from: from ?? '', to }))
    if (!done) return
    notifyDone(t('batch.done', { count: to.length }))
    props.onDone()
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('batch.copyTitle', { count: props.domains.length })}
      size="xl"
      centered
    >
      <Stack gap="md">
        <Select
          label={t('batch.from')}
          placeholder={t('batch.fromPlaceholder')}
          searchable
          data={all.map(({ name, displayName }) => ({ value: name, label: displayName }))}
          value={from}
          onChange={setFrom}
        />
        {source ? (
          <Differences differences={differences} />
        ) : (
          <p className={classes.quiet}>{t('batch.choose')}</p>
        )}
        {source && hasPasswords ? <p className={classes.quiet}>{t('batch.passwords')}</p> : null}
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={props.onClose} />
          <ChangeButton
            disabled={targets.length === 0 || (differences.length === 0 && !hasPasswords)}
            loading={call.busy}
            onClick={() => void copy()}
          >
            {t('batch.copySave')}
          </ChangeButton>
        </Group>
      </Stack>
    </Modal>
  )
}

function Differences({ differences }: { differences: readonly PolicyDifference[] }) {
  const { t } = useTranslation('policies')
  if (differences.length === 0) return <p className={classes.quiet}>{t('batch.same')}</p>
  return (
    <div className={classes.changes} data-scrolls tabIndex={0} role="region" aria-label={t('batch.changes')}>
      <Table
        layout="fixed"
        stickyHeader
        aria-label={t('batch.changes')}
        aria-rowcount={rowCount(differences)}
      >
        <Table.Thead>
          <Table.Tr>
            {(['domain', 'field', 'before', 'after'] as const).map((column) => (
              <Table.Th key={column} scope="col">
                {t(`batch.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <TableRows items={differences} keyOf={keyOf} height={39}>
            {(change, row) => <DifferenceRow change={change} row={row} />}
          </TableRows>
        </Table.Tbody>
      </Table>
    </div>
  )
}

function keyOf({ domain, section, field }: PolicyDifference): string {
  return `${domain} ${section} ${field}`
}

function DifferenceRow({ change, row }: { change: PolicyDifference; row: RowAttributes }) {
  const { t } = useTranslation(['policies', 'protocol'])
  const before = formatPolicyValue(t, change, change.before)
  const after = formatPolicyValue(t, change, change.after)
  return (
    <Table.Tr {...row}>
      <Table.Td className="wrap">{change.domain}</Table.Td>
      <Table.Td className="wrap">{policyFieldLabel(t, change)}</Table.Td>
      <Table.Td className="wrap">{before}</Table.Td>
      {/* The text is equal if the number of trust anchors is, although the anchors differ. */}
      <Table.Td className="wrap">{after === before ? t('words.others', { after }) : after}</Table.Td>
    </Table.Tr>
  )
}
