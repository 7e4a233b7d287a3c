import { IconEyeOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ExchangeDetail } from '../../../contract/traffic/traffic.ts'
import classes from './detail.module.css'

/** Header fields in order of arrival; masked values are marked. */
export function FieldTable({ title, fields }: { title: string; fields: ExchangeDetail['request'] }) {
  const { t } = useTranslation('traffic')
  return (
    <section className={classes.block} aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      {fields === null ? <p className={classes.dim}>{t('fields.notSeen')}</p> : null}
      {fields?.fields.length === 0 ? <p className={classes.dim}>{t('fields.none')}</p> : null}
      <dl className={classes.fields}>
        {(fields?.fields ?? []).map(({ name, value, masked }, at) => (
          <div key={at} className={classes.field}>
            <dt>{name}</dt>
            <dd>
              {value}
              {masked ? (
                <IconEyeOff
                  size={12}
                  stroke={1.8}
                  className={classes.masked}
                  aria-label={t('fields.masked')}
                />
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {fields?.cut ? <p className={classes.dim}>{t('fields.cut')}</p> : null}
    </section>
  )
}
