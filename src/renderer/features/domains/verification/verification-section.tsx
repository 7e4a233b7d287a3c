import {
  IconAlertCircle,
  IconLockExclamation,
  IconRosetteDiscountCheck,
  IconShieldCheck,
} from '@tabler/icons-react'
import { formatDuration } from '../../../../domain/duration-text.ts'
import { useTranslation } from 'react-i18next'
import type { CheckReport, Domain, Outage } from '../../../../contract/domains/domains.ts'
import { useClient, useEngineAnswers } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { UnlockButton } from '../../../ui/feedback/vault-lock.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { verifyDomain } from '../actions.ts'
import { DevServerRemedy, LocalhostButton } from '../findings/dev-server-remedy.tsx'
import { idle, useChecks, useVerification } from './check-store.ts'
import { useGreenness } from './tested-store.ts'
import { joinNames } from '../../../../domain/green-browsers.ts'
import classes from '../domain-page.module.css'
import { FactGrid } from '../../../ui/lists/facts.tsx'
import { Fingerprint } from '../../../ui/primitives/hex.tsx'
import { FourAnswersList, VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { Note } from '../../../ui/primitives/note.tsx'

/** Verifies the domain with real requests through the edge. Only its success shows the green mark. */
export function VerificationSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'ui'])
  const client = useClient()
  const { busy, report, error } = useChecks((state) => state.runs.get(domain.name) ?? idle)
  const run = useChecks((state) => state.run)
  const answers = useEngineAnswers()
  const current = report && answers && isOfNow(report, domain) ? report : null
  return (
    <Section
      title={t('ui:answers.title')}
      aside={
        <ActionButton
          action={verifyDomain}
          variant="default"
          label={t(domain.lastCheck ? 'check.again' : 'check.run')}
          busy={busy}
          act={() => void run(client, domain.name)}
        />
      }
    >
      <div aria-live="polite" aria-busy={busy}>
        {error ? <ErrorPanel error={error} /> : <Outcome domain={domain} />}
      </div>
      {current ? <CheckDetails report={current} domain={domain} /> : null}
    </Section>
  )
}

/** False for a report from before the last change, of other ports, or from the other side of an outage. */
function isOfNow({ at, steps }: CheckReport, { updatedAt, https, lastCheck }: Domain): boolean {
  const wasDown = steps.some(({ id }) => id === 'key')
  return at >= updatedAt && lastCheck?.portsChanged !== true && wasDown === (https.outage !== null)
}

function Outcome({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const state = useVerification(domain)
  const last = domain.lastCheck
  const known = useGreenness(domain)
  const names = joinNames(known.names)
  const greenNote =
    known.state === 'green'
      ? t('green.in', { names })
      : known.state === 'refused'
        ? t('green.refusedBy', { names })
        : known.state === 'not-found'
          ? t('green.notFoundBy', { names })
          : t('check.servedNote')
  if (domain.https.outage !== null) return <Down outage={domain.https.outage} />
  if (state === 'never' || !last) return <p className="dim flush">{t('check.text')}</p>
  if (state === 'unknown')
    return <p className="dim flush">{t('check.lastKnown', { summary: last.summary })}</p>
  if (state === 'changed') {
    return <p className="dim flush">{t('check.before', { summary: last.summary })}</p>
  }
  const works = state === 'works'
  const isGreen = works && known.state === 'green'
  const Icon = isGreen ? IconShieldCheck : works ? IconRosetteDiscountCheck : IconAlertCircle
  return (
    <Note tone={isGreen ? 'works' : works ? 'accent' : 'no'} style={{ alignItems: 'center' }}>
      <Icon size={30} stroke={1.5} aria-hidden />
      <div>
        <div className={classes.outcomeTitle}>
          {t(isGreen ? 'check.works' : works ? 'check.servedHere' : 'check.doesNot')}
        </div>
        {works ? null : <div className="wrap plain-color">{last.summary}</div>}
        <div className="dim text-xs">
          <RelativeTime at={last.at} say={(when) => t('check.at', { when })} />
        </div>
        {works ? <div className="dim text-xs">{greenNote}</div> : null}
      </div>
    </Note>
  )
}

/** Nothing can be verified during an outage: the edge has no key for a handshake. */
function Down({ outage }: { outage: Outage }) {
  const { t } = useTranslation('domains')
  return (
    <Note tone="no" style={{ alignItems: 'center' }}>
      <IconLockExclamation size={30} stroke={1.5} aria-hidden />
      <div className="fill">
        <div className={classes.outcomeTitle}>{t('check.isDown')}</div>
        <div className="wrap plain-color">{t(`https.outage.${outage}`)}</div>
      </div>
      {outage === 'vault-locked' ? <UnlockButton /> : null}
    </Note>
  )
}

const answerIds = ['validity', 'authority', 'signature', 'name']

function CheckDetails({ report, domain }: { report: CheckReport; domain: Domain }) {
  const { t } = useTranslation('domains')
  const { tls } = report
  // The four verdicts have a list of their own below.
  const steps = tls ? report.steps.filter(({ id }) => !answerIds.includes(id)) : report.steps
  const refusal = steps.find(({ refusedBy }) => refusedBy)
  return (
    <div className="below-4">
      <h3 className={classes.heading}>{t('check.steps')}</h3>
      {steps.map((step) => (
        <VerdictRow
          key={step.id}
          verdict={step.caution ? 'caution' : step.ok ? 'yes' : 'no'}
          label={
            <span className="between line gap-12">
              {step.title}
              {step.tookMs === undefined ? null : (
                <span className="dim light numbers one-line">{formatDuration(step.tookMs)}</span>
              )}
            </span>
          }
          reason={step.seen}
        >
          {step === refusal && step.refusedBy ? (
            <DevServerRemedy
              kind={step.refusedBy}
              host={domain.name}
              act={<LocalhostButton domain={domain} />}
            />
          ) : null}
        </VerdictRow>
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
  const { t } = useTranslation(['domains', 'facts'])
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
            <dd>{formatDuration(firstByteMs)}</dd>
          </>
        )}
        <dt>{t('check.chain')}</dt>
        <dd>
          {tls.chain.map(({ title, fingerprintSha256 }) => (
            <div key={fingerprintSha256} className={classes.link}>
              <span>{title}</span>
              <Fingerprint hex={fingerprintSha256} label={t('facts:fingerprintOf', { name: title })} />
            </div>
          ))}
        </dd>
      </FactGrid>
    </>
  )
}
