import { Button, Group, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Issued } from '../../../contract/issuing/issuing.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { ChangeButton, ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { ConfirmCall } from '../../ui/forms/dialog.tsx'
import { rowCount, TableRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import type { Rows } from './use-issuing.ts'
import type { RevocationService } from '../../../contract/local-authority/local-certificates.ts'

/** Style of the short cells; only the names wrap. */
const oneLine = { whiteSpace: 'nowrap' } as const

/** Certificates of the local authority, newest first. Those with a stored key can be issued again. */
export function IssuedList(props: {
  issued: Rows<Issued>
  isServed: boolean
  showMore: () => void
  changed: () => void
}) {
  const { issued, isServed, showMore, changed } = props
  const { rows, hasMore } = issued
  const { t } = useTranslation(['issuing', 'ui'])
  const [revoking, setRevoking] = useState<Issued | null>(null)
  return (
    <Section title={t('issued.title')} description={t('issued.description')}>
      {rows.length === 0 ? <p>{t('issued.none')}</p> : null}
      {rows.length > 0 ? (
        <Table aria-label={t('issued.title')} aria-rowcount={rowCount(rows, !hasMore)} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('issued.names')}</Table.Th>
              <Table.Th>{t('issued.for')}</Table.Th>
              <Table.Th>{t('issued.key')}</Table.Th>
              <Table.Th>{t('issued.expires')}</Table.Th>
              <Table.Th aria-label={t('issued.acts')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <TableRows items={rows} keyOf={({ serialHex }) => serialHex} height={35}>
              {(one, row) => (
                <IssuedRow issued={one} row={row} revoke={() => setRevoking(one)} changed={changed} />
              )}
            </TableRows>
          </Table.Tbody>
        </Table>
      ) : null}
      {hasMore ? (
        <Button variant="subtle" size="xs" onClick={showMore}>
          {t('ui:more')}
        </Button>
      ) : null}
      {revoking ? (
        <RevokeDialog
          issued={revoking}
          isServed={isServed}
          onClose={() => {
            setRevoking(null)
            changed()
          }}
        />
      ) : null}
    </Section>
  )
}

function IssuedRow(props: { issued: Issued; row: RowAttributes; revoke: () => void; changed: () => void }) {
  const { t } = useTranslation(['issuing', 'certificates'])
  const call = useCall()
  const { title, names, usage, source, revoked, notAfter, serialHex } = props.issued
  const reissue = async () => {
    const done = await call.run((client) => client.localCertificates.reissue({ reference: serialHex }))
    if (!done) return
    notifyDone(t('reissue.done', { name: done.certificate.name, count: done.domains.length }))
    props.changed()
  }
  return (
    <Table.Tr {...props.row}>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <span title={names.join(', ')}>{names.map(readableName).join(', ') || title}</span>
        {call.error ? <ErrorPanel error={call.error} /> : null}
      </Table.Td>
      <Table.Td style={oneLine}>{t(`usage.${usage}`)}</Table.Td>
      <Table.Td style={oneLine}>{t(`source.${source}`)}</Table.Td>
      <Table.Td style={oneLine}>{revoked ? t('issued.revoked') : <RelativeTime at={notAfter} />}</Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {source === 'vault' ? (
            <ChangeButton
              size="compact-xs"
              variant="default"
              loading={call.busy}
              onClick={() => void reissue()}
            >
              {t('reissue.do')}
            </ChangeButton>
          ) : null}
          {revoked ? null : (
            <ChangeButton size="compact-xs" variant="default" onClick={props.revoke}>
              {t('certificates:revoke.open')}
            </ChangeButton>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function RevokeDialog(props: { issued: Issued; isServed: boolean; onClose: () => void }) {
  const { t } = useTranslation(['issuing', 'certificates'])
  const { serialHex: reference, title: name } = props.issued
  return (
    <ConfirmCall
      title={t('certificates:revoke.title', { name })}
      confirmLabel={t('certificates:revoke.do')}
      act={(client) => client.localCertificates.revoke({ reference })}
      done={t('revoke.done', { name })}
      onClose={props.onClose}
    >
      <p>{t('revoke.text')}</p>
      {props.isServed ? null : <p>{t('revoke.notServed')}</p>}
    </ConfirmCall>
  )
}

const usualPort = 8888

export function RevocationSection({ service, changed }: { service: RevocationService; changed: () => void }) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const { port, address, problem } = service
  const set = async (on: boolean) => {
    await call.run((client) => client.localCertificates.setRevocationService({ port: on ? usualPort : null }))
    changed()
  }
  return (
    <Section title={t('service.title')} description={t('service.description')}>
      <ChangeSwitch
        label={address === null ? t('service.off') : t('service.on', { address })}
        description={problem ?? t('service.text')}
        checked={port !== null}
        disabled={call.busy}
        onChange={(on) => void set(on)}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Section>
  )
}
