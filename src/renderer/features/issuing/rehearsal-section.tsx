import { Progress, Table } from '@mantine/core'
import { useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rehearsal, RehearsedClient } from '../../../contract/acme/acme-rehearsal.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { startRehearsal, stopRehearsal } from './actions.ts'
import { RehearsalDialog } from './rehearsal-dialog.tsx'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { followStream, keepFollowing } from '../../connection/live-query.ts'

/** Simulates months of Let's Encrypt in minutes, and reports clients that let a certificate expire. */
export function RehearsalSection({ runs }: { runs: boolean }) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const { rehearsal, problem } = useRehearsal()
  const [planning, setPlanning] = useState(false)
  const running = rehearsal?.ended === false
  const stop = () => void call.run((client) => client.acmeServer.stopRehearsal())
  const aside = running ? (
    <ActionButton action={stopRehearsal} variant="default" act={stop} />
  ) : (
    <ActionButton action={startRehearsal} variant="default" disabled={!runs} act={() => setPlanning(true)} />
  )
  const error = call.error ?? problem
  return (
    <Section title={t('rehearsal.title')} description={t('rehearsal.description')} aside={aside}>
      {error ? <ErrorPanel error={error} /> : null}
      {rehearsal ? <Report rehearsal={rehearsal} /> : <p>{t(runs ? 'rehearsal.none' : 'rehearsal.needs')}</p>}
      {planning ? <RehearsalDialog onClose={() => setPlanning(false)} /> : null}
    </Section>
  )
}

function Report({ rehearsal: { day, plan, clients, ended } }: { rehearsal: Rehearsal }) {
  const { t } = useTranslation('issuing')
  const passing = clients.filter(({ verdict }) => verdict === 'kept').length
  const label = t('rehearsal.day', { day: Math.floor(day), days: plan.days })
  return (
    <>
      <Progress value={(day / plan.days) * 100} aria-label={label} animated={!ended} mb={6} />
      <p role="status">
        {label}{' '}
        {clients.length === 0
          ? t('rehearsal.nobody')
          : t('rehearsal.kept', { kept: passing, count: clients.length })}
      </p>
      {clients.length > 0 ? (
        <Table aria-label={t('rehearsal.title')} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('rehearsal.client')}</Table.Th>
              <Table.Th>{t('issued.names')}</Table.Th>
              <Table.Th>{t('rehearsal.certificates')}</Table.Th>
              <Table.Th>{t('rehearsal.verdict')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {clients.map((one) => (
              <ClientRow key={`${one.accountId} ${one.names.join()}`} one={one} />
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
    </>
  )
}

function ClientRow({ one }: { one: RehearsedClient }) {
  const { t } = useTranslation('issuing')
  const { client, names, certificates, verdict, uncoveredDays, lapsedOnDay } = one
  return (
    <Table.Tr>
      <Table.Td>{client.split(' ', 1)[0] || t('rehearsal.unknown')}</Table.Td>
      <Table.Td>{names.map(readableName).join(', ')}</Table.Td>
      <Table.Td>{certificates}</Table.Td>
      <Table.Td>
        {verdict === 'kept'
          ? t('rehearsal.isKept')
          : t(`rehearsal.${verdict}`, {
              day: Math.floor(lapsedOnDay ?? 0),
              days: uncoveredDays.toFixed(1),
            })}
      </Table.Td>
    </Table.Tr>
  )
}

/** State of the running or last rehearsal. */
function useRehearsal(): { rehearsal: Rehearsal | null; problem: EdgekeepError | null } {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(null)
  const [problem, setProblem] = useState<EdgekeepError | null>(null)
  useEffect(() => {
    if (!connected) return
    const ending = new AbortController()
    const watch = (signal: AbortSignal) => client.acmeServer.watchRehearsal(undefined, { signal })
    const next = (event: { rehearsal: Rehearsal | null }) => {
      setRehearsal(event.rehearsal)
      setProblem(null)
    }
    const sink = { next, failed: setProblem, ended: () => undefined }
    void keepFollowing((signal) => followStream(watch, signal, sink), ending.signal)
    return () => ending.abort()
  }, [client, connected])
  return { rehearsal, problem }
}
