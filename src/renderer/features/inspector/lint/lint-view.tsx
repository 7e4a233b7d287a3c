import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { LintedCertificate, LintFinding } from '../../../../contract/inspect/lint.ts'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { VerdictIcon, VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import type { Inspector } from '../inspector.ts'
import { useLint } from '../use-asked.ts'
import classes from '../verdicts.module.css'

const verdicts: Record<LintFinding['severity'], Verdict> = {
  error: 'no',
  warning: 'caution',
  notice: 'unknown',
}

/** Lint results of all certificates, or of the one with `fingerprint`. */
export function LintView({ inspector, fingerprint }: { inspector: Inspector; fingerprint: string | null }) {
  const { t } = useTranslation('inspector')
  const { result, busy, problem } = useLint(inspector)
  const report = useStore(inspector.store, (state) => state.report)
  if (problem) return <ErrorPanel error={problem} />
  if (!result) return busy ? <LoadingRows rows={4} height={48} /> : null
  const order = report?.pieces.map(({ certificate }) => certificate?.fingerprintSha256) ?? []
  const shown = result.certificates
    .filter((each) => fingerprint === null || each.fingerprintSha256 === fingerprint)
    .toSorted((a, b) => order.indexOf(a.fingerprintSha256) - order.indexOf(b.fingerprintSha256))
  const clean = shown.filter(({ findings }) => findings.length === 0)
  const faulty = shown.filter(({ findings }) => findings.length > 0)
  return (
    <div className="stack gap-16">
      {faulty.map((certificate) => (
        <Linted key={certificate.fingerprintSha256} certificate={certificate} />
      ))}
      {clean.map(({ fingerprintSha256, title, rules, scopeReason }) => (
        <VerdictRow
          key={fingerprintSha256}
          verdict="yes"
          label={t('lint.clean', { title, count: rules })}
          reason={scopeReason}
        />
      ))}
    </div>
  )
}

function Linted({ certificate }: { certificate: LintedCertificate }) {
  const { t } = useTranslation('inspector')
  const { title, role, scopeReason, findings, rules } = certificate
  return (
    <section aria-label={title}>
      <h4 className="text-sm bold flush">
        {title} <span className="dim text-xs light flush">{t(`lint.role.${role}`)}</span>
      </h4>
      <p className="dim text-xs light flush">
        {scopeReason} {t('lint.asked', { count: rules })}
      </p>
      <ul className="plain-list below-6">
        {findings.map((finding, index) => (
          <Finding key={index} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

function Finding({ finding }: { finding: LintFinding }) {
  const { t } = useTranslation('inspector')
  const { rule, severity, message, advice, reference } = finding
  return (
    <li className={classes.finding}>
      <VerdictIcon verdict={verdicts[severity]} />
      <div className="pretty wrap grow">
        <div className="medium">
          <span className={classes.severity} data-severity={severity}>
            {t(`lint.${severity}`)}
          </span>{' '}
          {message}
        </div>
        <div>{advice}</div>
        <div className="dim text-xs light flush">
          <code>{rule}</code> · {reference}
        </div>
      </div>
      <CopyIcon value={`${rule} (${severity}): ${message} ${advice} [${reference}]`} label={rule} />
    </li>
  )
}
