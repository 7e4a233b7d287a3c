import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from '../domain-page.module.css'
import { OriginText } from '../origins/origin-text.tsx'
import { domainPath, type Part } from '../paths.ts'

export function OverviewSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { origin, redirect, policies } = domain
  const more = policies.origins.backups.length + policies.origins.routes.length
  return (
    <Section title={t('overview.title')}>
      <dl className={classes.overview}>
        <dt>{t('table.origin')}</dt>
        <dd>
          <OriginText origin={origin} />
          {more > 0 ? <span className={classes.dim}>{t('overview.more', { count: more })}</span> : null}
        </dd>
        <Change domain={domain} part="origins" label={t('overview.changeOrigin')} />
        <dt>{t('table.redirect')}</dt>
        <dd>
          {t(`redirect.${redirect.mode}`)}
          {redirect.mode === 'none' ? null : <span className={classes.dim}> {redirect.code}</span>}
        </dd>
        <Change domain={domain} part="redirects" label={t('overview.changeRedirect')} />
      </dl>
    </Section>
  )
}

function Change({ domain, part, label }: { domain: Domain; part: Part; label: string }) {
  const { t } = useTranslation('domains')
  return (
    <dd>
      <Anchor component={Link} size="sm" href={domainPath(domain.name, part)} aria-label={label}>
        {t('overview.change')}
      </Anchor>
    </dd>
  )
}
