import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { doneOf } from '../../../client/done-of.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall, notifyDone } from '../../ui/feedback/feedback.tsx'
import { exportConfiguration, importConfiguration } from './actions.ts'
import { Button, Group, Modal, Stack, Table } from '@mantine/core'
import { EngineButton } from '../../ui/primitives/change-controls.tsx'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { ConfigurationPlan, Difference } from '../../../contract/domains/configuration.ts'
import { DropZone } from '../../ui/forms/drop-zone.tsx'
import { namesInShort } from '../../ui/lists/names-in-short.ts'
import { rowCount, type RowAttributes, TableRows } from '../../ui/lists/visible-rows.tsx'
import { problemsSentence } from '../../ui/certificate/swap-problems.ts'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { formatDifference } from './format-difference.ts'
import classes from './settings.module.css'

export function ConfigurationSection({ locked }: { locked: boolean }) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const [importing, setImporting] = useState(false)
  const exportFile = async () => {
    const exported = await call.run((client) => client.configuration.export())
    if (exported) downloadText('edgekeep.yaml', 'application/yaml', exported.text)
  }
  return (
    <Section title={t('configuration.title')} description={t('configuration.text')}>
      <div className="wrapping line gap-8 below-6">
        <ActionButton
          action={exportConfiguration}
          variant="default"
          busy={call.busy}
          act={() => void exportFile()}
        />
        <ActionButton
          action={importConfiguration}
          variant="default"
          disabled={locked}
          act={() => setImporting(true)}
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <ConfigurationDialog opened={importing} onClose={() => setImporting(false)} />
    </Section>
  )
}

interface Planned {
  fileName: string
  text: string
  plan: ConfigurationPlan
}

function ConfigurationDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('configuration.importTitle')} centered size={780}>
      <Steps onClose={onClose} />
    </Modal>
  )
}

function Steps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const [planned, setPlanned] = useState<Planned | null>(null)
  const plan = async (fileName: string, read: () => Promise<string>) => {
    const next = await call.run(async (client) => {
      const text = await read()
      const { plan } = await doneOf(client.configuration.plan({ text }))
      return { fileName, text, plan }
    })
    if (next) setPlanned(next)
  }
  const apply = async ({ text, plan: { version, worse } }: Planned) => {
    if (
      !(await call.run((client) =>
        doneOf(client.configuration.apply({ text, version, acceptWorse: worse.length > 0 })),
      ))
    )
      return
    notifyDone(t('configuration.applied'))
    onClose()
  }
  const outdated = call.error?.code === 'configuration.outdated' && planned
  const again = outdated
    ? {
        action: {
          label: t('configuration.again'),
          run: () => void plan(outdated.fileName, async () => outdated.text),
        },
      }
    : {}
  return (
    <Stack gap="md">
      {planned ? (
        <PlanView fileName={planned.fileName} plan={planned.plan} />
      ) : (
        <DropZone
          label={t('configuration.choose')}
          text={t('configuration.chooseText')}
          single
          busy={call.busy}
          onFiles={([file]) => file && void plan(file.name, () => file.text())}
        />
      )}
      {call.error ? <ErrorPanel error={call.error} {...again} /> : null}
      {planned ? <Foot planned={planned} busy={call.busy} onApply={apply} onClose={onClose} /> : null}
    </Stack>
  )
}

function Foot(props: {
  planned: Planned
  busy: boolean
  onApply: (planned: Planned) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation(['settings', 'ui'])
  const count = props.planned.plan.differences.length
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" data-autofocus onClick={props.onClose}>
        {t(count > 0 ? 'ui:confirm.cancel' : 'ui:close')}
      </Button>
      {count > 0 ? (
        <EngineButton
          color={props.planned.plan.worse.length > 0 ? 'red' : undefined}
          loading={props.busy}
          onClick={() => void props.onApply(props.planned)}
        >
          {props.planned.plan.worse.length > 0 ? t('ui:worse.use') : t('configuration.apply', { count })}
        </EngineButton>
      ) : null}
    </Group>
  )
}

function PlanView({ fileName, plan }: { fileName: string; plan: ConfigurationPlan }) {
  const { t: tUi } = useTranslation('ui')
  const { t } = useTranslation('settings')
  const { differences, cautions, worse, untouched } = plan
  return (
    <>
      <strong>{t('configuration.chosen', { file: fileName })}</strong>
      {differences.length > 0 ? (
        <DifferenceTable differences={differences} />
      ) : (
        <VerdictRow verdict="yes" label={t('configuration.same')} />
      )}
      {worse.map(({ domain, problems }) => (
        <VerdictRow
          key={domain}
          verdict="no"
          label={readableName(domain)}
          reason={problemsSentence(problems, tUi)}
        />
      ))}
      {cautions.length > 0 ? (
        <div role="group" aria-label={t('configuration.cautions')}>
          {cautions.map(({ domain, message }) => (
            <VerdictRow
              key={`${domain} ${message}`}
              verdict="caution"
              label={readableName(domain)}
              reason={message}
            />
          ))}
        </div>
      ) : null}
      {untouched.length > 0 ? (
        <span className="dim">{t('configuration.untouched', { domains: namesInShort(untouched) })}</span>
      ) : null}
    </>
  )
}

/** The last column is wide: it lists all fields of a new domain, one per line. */
const widths = { domain: '22%', field: '26%', before: '18%', after: '34%' } as const

function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  const { t } = useTranslation('settings')
  return (
    <div
      className={classes.tableBox}
      tabIndex={0}
      role="region"
      aria-label={t('configuration.table')}
      data-scrolls
    >
      <Table
        layout="fixed"
        stickyHeader
        aria-label={t('configuration.table')}
        aria-rowcount={rowCount(differences)}
      >
        <Table.Thead>
          <Table.Tr>
            {(['domain', 'field', 'before', 'after'] as const).map((column) => (
              <Table.Th key={column} scope="col" w={widths[column]}>
                {t(`configuration.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <TableRows items={differences} keyOf={keyOf} height={40}>
            {(change, row) => <DifferenceRow change={change} row={row} />}
          </TableRows>
        </Table.Tbody>
      </Table>
    </div>
  )
}

const keyOf = ({ domain, field }: Difference) => `${domain} ${field}`

function DifferenceRow({ change, row }: { change: Difference; row: RowAttributes }) {
  const { t } = useTranslation('settings')
  const { domain, kind, field, before, after } = change
  return (
    <Table.Tr {...row} className={classes.change}>
      <Table.Td className="wrap">{readableName(domain)}</Table.Td>
      <Table.Td className="wrap">
        {field || t(kind === 'add' ? 'configuration.whole' : 'configuration.domain')}
      </Table.Td>
      <Table.Td className={classes.before}>
        {formatDifference(before)?.join('\n') ?? t('configuration.none')}
      </Table.Td>
      <Table.Td className={classes.after}>
        {formatDifference(after)?.join('\n') ?? t('configuration.none')}
      </Table.Td>
    </Table.Tr>
  )
}
