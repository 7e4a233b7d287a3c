import { useTranslation } from 'react-i18next'
import type { CheckReport } from '../../../../contract/domains/domains.ts'
import { FactGrid } from '../../../ui/lists/facts.tsx'
import { Fingerprint } from '../../../ui/primitives/hex.tsx'
import { FourAnswersList, VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from './verification.module.css'

const answerIds = ['validity', 'authority', 'signature', 'name']

export function CheckDetails({ report }: { report: CheckReport }) {
  const { t } = useTranslation('domains')
  const { tls } = report
  // The four verdicts have a list of their own below.
  const steps = tls ? report.steps.filter(({ id }) => !answerIds.includes(id)) : report.steps
  return (
    <div className={classes.details}>
      <h3 className={classes.heading}>{t('check.steps')}</h3>
      {steps.map((step) => (
        <VerdictRow
          key={step.id}
          verdict={step.ok ? 'yes' : 'no'}
          label={
            <span className={classes.stepHead}>
              {step.title}
              {step.tookMs === undefined ? null : (
                <span className={classes.took}>{t('check.ms', { ms: milliseconds(step.tookMs) })}</span>
              )}
            </span>
          }
          reason={step.seen}
        />
      ))}
      {tls ? <FourAnswersList answers={tls.answers} /> : null}
      {tls ? <ConnectionFacts tls={tls} firstByteMs={report.timeToFirstByteMs} /> : null}
    </div>
  )
}

function ConnectionFacts({
  tls,
  firstByteMs,
}: {
  tls: NonNullable<CheckReport['tls']>
  firstByteMs: number | null
}) {
  const { t } = useTranslation('domains')
  return (
    <>
      <h3 className={classes.heading}>{t('check.connection')}</h3>
      <FactGrid termWidth={124} dense>
        <dt>{t('check.protocol')}</dt>
        <dd>{tls.protocol.replace('TLSv', 'TLS ')}</dd>
        <dt>{t('check.cipher')}</dt>
        <dd>{tls.cipher}</dd>
        <dt>{t('check.alpn')}</dt>
        <dd>{tls.alpn || t('check.alpnNone')}</dd>
        {firstByteMs === null ? null : (
          <>
            <dt>{t('check.firstByte')}</dt>
            <dd>{t('check.ms', { ms: milliseconds(firstByteMs) })}</dd>
          </>
        )}
        <dt>{t('check.chain')}</dt>
        <dd>
          {tls.chain.map(({ title, fingerprintSha256 }) => (
            <div key={fingerprintSha256} className={classes.link}>
              <span>{title}</span>
              <Fingerprint hex={fingerprintSha256} label={t('check.fingerprintOf', { name: title })} />
            </div>
          ))}
        </dd>
      </FactGrid>
    </>
  )
}

/** At least two significant digits: 9.4, 12, 340. */
function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms))
}
