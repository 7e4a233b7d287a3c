import { Anchor, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LifetimeForecast } from '../../../../contract/issuing/renewal-calendar.ts'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { certificatePath } from '../paths.ts'
import classes from './calendar.module.css'

/** Effects of shorter lifetimes, manual renewals first, and the number of unaffected certificates. */
export function ForecastList({ forecasts }: { forecasts: readonly LifetimeForecast[] }) {
  const { t } = useTranslation('certificates')
  const changed = forecasts
    .filter(({ stages }) => stages.length > 1)
    .toSorted((a, b) => Number(b.needsPerson) - Number(a.needsPerson))
  const left = forecasts.length - changed.length
  return (
    <>
      {changed.length > 0 ? (
        <Table aria-label={t('calendar.forecast')} verticalSpacing={8} className={classes.forecast}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('table.name')}</Table.Th>
              <Table.Th>{t('calendar.lives')}</Table.Th>
              <Table.Th>{t('calendar.means')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changed.map((forecast) => (
              <ForecastRow key={forecast.certificate.id} forecast={forecast} />
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {left > 0 ? <p className={classes.left}>{t('calendar.unaffected', { count: left })}</p> : null}
    </>
  )
}

function ForecastRow({ forecast: { certificate, stages, needsPerson } }: { forecast: LifetimeForecast }) {
  const { t, i18n } = useTranslation('certificates')
  return (
    <Table.Tr>
      <Table.Td className={classes.name}>
        <Anchor component={Link} size="sm" href={certificatePath(certificate.id)}>
          {certificate.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <ol className={classes.stages}>
          {stages.map(({ from, lifeDays, perYear }, at) => (
            <li key={from}>
              {at === 0 ? t('calendar.today') : t('calendar.from', { day: shortDate(from, i18n.language) })}{' '}
              {t('calendar.stage', { days: lifeDays, count: perYear })}
            </li>
          ))}
        </ol>
      </Table.Td>
      <Table.Td>{t(needsPerson ? 'calendar.byHand' : 'calendar.byItself')}</Table.Td>
    </Table.Tr>
  )
}
