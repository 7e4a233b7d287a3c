import { useTranslation } from 'react-i18next'
import type { UsageCounts } from '../../../contract/usage/usage.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { formatNumber } from './numbers.ts'
import classes from './usage.module.css'

export function Breakdown({ total }: { total: UsageCounts }) {
  const { t } = useTranslation('usage')
  const { answers, tls, versions, handshakes } = total
  return (
    <div className={classes.breakdown}>
      <Parts
        title={t('breakdown.answers')}
        parts={[
          [t('breakdown.successful'), answers.successful],
          [t('breakdown.redirection'), answers.redirection],
          [t('breakdown.clientError'), answers.clientError],
          [t('breakdown.serverError'), answers.serverError],
          ...(answers.informational > 0
            ? [[t('breakdown.informational'), answers.informational] as const]
            : []),
          [t('breakdown.unanswered'), answers.none],
        ]}
      />
      <Parts
        title={t('breakdown.versions')}
        parts={[
          ['HTTP/2', versions.http2],
          ['HTTP/1', versions.http1],
          ['TLS 1.3', tls.tls13],
          ['TLS 1.2', tls.tls12],
        ]}
      />
      <Parts
        title={t('breakdown.handshakes')}
        parts={[
          [t('breakdown.full'), handshakes.full],
          [t('breakdown.resumed'), handshakes.resumed],
          [t('breakdown.refused'), handshakes.refused],
        ]}
      />
    </div>
  )
}

function Parts({ title, parts }: { title: string; parts: readonly (readonly [string, number])[] }) {
  const { i18n } = useTranslation('usage')
  const most = Math.max(1, ...parts.map(([, value]) => value))
  return (
    <Section title={title}>
      <dl className={classes.parts}>
        {parts.map(([name, value]) => (
          <div key={name} className={classes.part}>
            <dt>{name}</dt>
            <dd>{formatNumber(value, i18n.language)}</dd>
            <span className={classes.share} style={{ inlineSize: `${(value / most) * 100}%` }} aria-hidden />
          </div>
        ))}
      </dl>
    </Section>
  )
}
