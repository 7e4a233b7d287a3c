import { useStore } from 'zustand'
import { useTranslation } from 'react-i18next'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { KeyMatchVerdict } from '../../ui/staging/staged-report.tsx'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import type { Inspector } from './inspector.ts'
import { subjectOf } from './inspector-state.ts'
import { QuestionForm } from './question-form.tsx'
import { useDiagnosis } from './use-asked.ts'
import classes from './verification.module.css'
import { VerificationResult } from './verification-result.tsx'

export function VerificationPanel({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { busy, result, problem } = useDiagnosis(inspector)
  const subject = useStore(inspector.store, subjectOf)
  const host = useStore(inspector.store, (state) => state.question.host)
  return (
    <>
      <QuestionForm inspector={inspector} />
      {problem ? <Problem inspector={inspector} problem={problem} /> : null}
      {result?.verification ? (
        <VerificationResult
          verification={result.verification}
          report={report}
          host={host}
          onSelect={inspector.select}
        />
      ) : null}
      {subject === null && report.keyMatch && (report.servable ?? report.bundles.length < 2) ? (
        <KeyMatchVerdict match={report.keyMatch} />
      ) : null}
      {busy && !result ? <LoadingRows rows={4} height={40} /> : null}
    </>
  )
}

/** A listed certificate that is missing now lies in a locked archive. */
function Problem({ inspector, problem }: { inspector: Inspector; problem: EdgekeepError }) {
  const { t } = useTranslation('inspector')
  if (problem.code !== 'certificate.missing') return <ErrorPanel error={problem} />
  return (
    <>
      <p className={classes.locked}>{t('verify.locked')}</p>
      <PassphrasePrompt
        what={t('verify.archive')}
        busy={false}
        onUnlock={(passphrase) => void inspector.ask({}, passphrase)}
      />
    </>
  )
}
