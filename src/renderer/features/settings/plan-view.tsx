import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConfigurationPlan, Difference } from '../../../contract/domains/configuration.ts'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { formatDifference } from './format-difference.ts'
import classes from './settings.module.css'

export function PlanView({ fileName, plan }: { fileName: string; plan: ConfigurationPlan }) {
  const { t } = useTranslation('settings')
  const { differences, cautions, untouched } = plan
  return (
    <>
      <strong>{t('configuration.chosen', { file: fileName })}</strong>
      {differences.length > 0 ? (
        <DifferenceTable differences={differences} />
      ) : (
        <VerdictRow verdict="yes" label={t('configuration.same')} />
      )}
      {cautions.length > 0 ? (
        <div role="group" aria-label={t('configuration.cautions')}>
          {cautions.map(({ domain, message }) => (
            <VerdictRow key={`${domain} ${message}`} verdict="caution" label={domain} reason={message} />
          ))}
        </div>
      ) : null}
      {untouched.length > 0 ? (
        <span className="dim">{t('configuration.untouched', { domains: untouched.join(', ') })}</span>
      ) : null}
    </>
  )
}

/** The last column is wide: it lists all fields of a new domain, one per line. */
const widths = { domain: '22%', field: '26%', before: '18%', after: '34%' } as const

function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  const { t } = useTranslation('settings')
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label={t('configuration.table')}>
      <Table layout="fixed" stickyHeader aria-label={t('configuration.table')}>
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
          {differences.map((difference) => (
            <Row key={`${difference.domain} ${difference.field}`} difference={difference} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Row({ difference }: { difference: Difference }) {
  const { t } = useTranslation('settings')
  const { domain, kind, field, before, after } = difference
  return (
    <Table.Tr className={classes.difference}>
      <Table.Td className="wrap">{domain}</Table.Td>
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
