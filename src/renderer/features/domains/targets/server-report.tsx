import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PastReport, ServerReport } from '../../../../contract/targets/targets.ts'
import { visibleLines } from '../../../../contract/text/visible-text.ts'
import { type Verdict, VerdictIcon, VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { failureOf } from './failure.ts'
import classes from './targets.module.css'

const verdicts = {
  planned: 'unknown',
  published: 'yes',
  written: 'unknown',
  unchanged: 'yes',
  refused: 'no',
  'rolled-back': 'no',
  failed: 'no',
  away: 'caution',
  waiting: 'caution',
  skipped: 'unknown',
} as const satisfies Record<ServerReport['state'], Verdict>

/** Outcome at one server: state, the reason of a failure, and the steps. `verdict` is of what was seen later. */
export function ServerReportRow(props: { report: PastReport; verdict?: Verdict; children?: ReactNode }) {
  const { t } = useTranslation('targets')
  const { server, state, steps } = props.report
  return (
    <VerdictRow
      verdict={props.verdict ?? verdicts[state]}
      label={<span className="wrap">{`${server}: ${t(`state.${state}`)}`}</span>}
      reason={<span className="wrap">{failureOf(props.report)}</span>}
    >
      {steps.length > 0 ? <Steps steps={steps} /> : null}
      {props.children}
    </VerdictRow>
  )
}

function Steps({ steps }: Pick<ServerReport, 'steps'>) {
  const { t } = useTranslation('targets')
  return (
    <details className={classes.folded}>
      <summary className="text-xs">{t('steps', { count: steps.length })}</summary>
      <ol className="plain-list">
        {steps.map(({ step, ok, sentence }, at) => (
          <li key={at} className="row-top gap-8">
            <VerdictIcon verdict={ok ? 'yes' : 'no'} size={16} />
            <div className={`wrap text-xs ${classes.output}`}>
              {t(`step.${step}`)}: {visibleLines(sentence)}
            </div>
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Lines of configuration that a plan changes at a server; none where a step failed. */
export function Diff({ report: { server, steps, diff } }: { report: ServerReport }) {
  const { t } = useTranslation('targets')
  if (steps.some(({ ok }) => !ok)) return null
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
