import { useTranslation } from 'react-i18next'
import type { ServerReport } from '../../../../contract/targets/targets.ts'
import { visibleLines } from '../../../../contract/text/visible-text.ts'
import { type Verdict, VerdictIcon, VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from './targets.module.css'

export const stateVerdicts = {
  planned: 'unknown',
  published: 'yes',
  unchanged: 'yes',
  refused: 'no',
  'rolled-back': 'no',
  failed: 'no',
  away: 'caution',
  skipped: 'unknown',
} as const satisfies Record<ServerReport['state'], Verdict>

/** Sentence of the step that failed first; null if none did. */
export function failureOf({ steps }: Pick<ServerReport, 'steps'>): string | null {
  const failed = steps.find(({ ok }) => !ok)
  return failed ? visibleLines(failed.sentence) : null
}

/** Outcome at one server: state, the reason of a failure, the steps, and the lines that differ. */
export function ServerReportRow({ report, diff }: { report: ServerReport; diff: boolean }) {
  const { t } = useTranslation('targets')
  const { server, state, steps } = report
  return (
    <VerdictRow
      verdict={stateVerdicts[state]}
      label={<span className="wrap">{`${server}: ${t(`state.${state}`)}`}</span>}
      reason={<span className="wrap">{failureOf(report)}</span>}
    >
      {steps.length > 0 ? <Steps steps={steps} /> : null}
      {diff && steps.every(({ ok }) => ok) ? <Diff report={report} /> : null}
    </VerdictRow>
  )
}

function Steps({ steps }: Pick<ServerReport, 'steps'>) {
  const { t } = useTranslation('targets')
  return (
    <details className={classes.folded}>
      <summary className="text-xs">{t('steps', { count: steps.length })}</summary>
      <ol className="plain-list">
        {steps.map(({ step, ok, sentence }) => (
          <li key={step} className="row-top gap-8">
            <VerdictIcon verdict={ok ? 'yes' : 'no'} size={16} />
            <div className="wrap text-xs">
              {t(`step.${step}`)}: {visibleLines(sentence)}
            </div>
          </li>
        ))}
      </ol>
    </details>
  )
}

function Diff({ report: { server, diff } }: { report: ServerReport }) {
  const { t } = useTranslation('targets')
  if (diff === '') return <div className="dim text-xs">{t('noDiff')}</div>
  return (
    <pre className={classes.diff} tabIndex={0} role="region" aria-label={t('diff', { server })}>
      {runsOf(visibleLines(diff)).map((run, at) => (
        <span key={at} className={run.startsWith('+') ? 'accent' : run.startsWith('-') ? 'no' : undefined}>
          {run}
        </span>
      ))}
    </pre>
  )
}

/** Consecutive lines that come, go or stay, each run as one text. */
function runsOf(diff: string): string[] {
  const runs: string[] = []
  for (const line of diff.split('\n')) {
    const last = runs.at(-1)
    if (last?.[0] === line[0]) runs.splice(-1, 1, `${last}${line}\n`)
    else runs.push(`${line}\n`)
  }
  return runs
}
