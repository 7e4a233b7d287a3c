import { IconShieldX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { refusedDetailSchema } from '../../../contract/traffic/traffic.ts'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { absoluteTime } from '../../ui/primitives/time.tsx'
import classes from './detail.module.css'
import { HelloFactRows } from './hello-facts.tsx'

export function RefusedDetailView({ refused }: { refused: z.infer<typeof refusedDetailSchema> }) {
  const { t, i18n } = useTranslation('traffic')
  const { hello } = refused
  return (
    <>
      <h2 className={classes.title}>
        <span className={classes.code} data-bad>
          {t('row.refused')}
        </span>{' '}
        TLS <span className={classes.address}>{refused.serverName ?? t('row.noName')}</span>
      </h2>
      <p className={classes.error}>
        <IconShieldX size={16} stroke={1.8} aria-hidden /> <span>{refused.reason}</span>
      </p>
      <section className={classes.block} aria-label={t('facts.title')}>
        <h3 className={classes.heading}>{t('facts.title')}</h3>
        <FactList>
          <Fact term={t('facts.at')}>{absoluteTime(refused.at, i18n.language)}</Fact>
          <Fact term={t('facts.client')}>{refused.clientAddress}</Fact>
          <Fact term={t('tls.serverName')}>{refused.serverName ?? t('row.noName')}</Fact>
        </FactList>
      </section>
      {hello ? (
        <section className={classes.block} aria-label={t('hello.title')}>
          <h3 className={classes.heading}>{t('hello.title')}</h3>
          <FactList>
            <HelloFactRows hello={hello} />
          </FactList>
        </section>
      ) : null}
    </>
  )
}
