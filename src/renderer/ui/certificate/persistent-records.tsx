import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersistentRecordState } from '../../../contract/acme/acme.ts'
import { Fact, FactList } from '../lists/facts.tsx'
import { ErrorPanel, useCall } from '../feedback/feedback.tsx'

/** DNS records to create once before the first order with dns-persist-01, and their current values. */
export function PersistentRecords({ account, names }: { account: string; names: string[] }) {
  const { t } = useTranslation('ui')
  const call = useCall()
  const [records, setRecords] = useState<PersistentRecordState[] | null>(null)
  const look = async () => {
    const found = await call.run((client) => client.acme.persistentRecords({ account, names }))
    if (found) setRecords(found)
  }
  return (
    <Stack gap="xs">
      {records?.map((record) => (
        <Record key={record.name} record={record} />
      ))}
      <Group>
        <Button size="xs" variant="default" loading={call.busy} onClick={() => void look()}>
          {t(records ? 'persistent.again' : 'persistent.show')}
        </Button>
      </Group>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Stack>
  )
}

function Record({ record: { name, value, isThere, seen, reason } }: { record: PersistentRecordState }) {
  const { t } = useTranslation('ui')
  const now =
    reason === null
      ? t(seen.length === 0 ? 'persistent.none' : 'persistent.other', { values: seen.join(', ') })
      : t('persistent.unknown', { reason })
  return (
    <FactList>
      <Fact term={t('persistent.name')} copy={name} mono />
      <Fact term={t('persistent.value')} copy={value} mono />
      <Fact term={t('persistent.now')}>
        <span role="status">{isThere ? t('persistent.isThere') : now}</span>
      </Fact>
    </FactList>
  )
}
