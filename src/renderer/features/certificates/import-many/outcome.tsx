import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ImportSummary } from '../../../../contract/certificates/records.ts'
import { ErrorPanel, useTaskBarProgress } from '../../../ui/feedback/feedback.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import type { ImportRun, ImportState } from './import-run.ts'
import classes from './import-many.module.css'
import { ResultList } from './result-list.tsx'

export function Outcome({ run, onClose }: { run: ImportRun; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const { phase, progress, results, summary, problem } = useStore(run.store)
  const running = phase === 'running'
  useTaskBarProgress(running ? partDone(progress) : null)
  return (
    <div className={classes.outcome}>
      <div role="status">{running ? <Running progress={progress} /> : null}</div>
      {summary ? <SummaryRow summary={summary} /> : null}
      {phase === 'stopped' ? (
        <VerdictRow
          verdict="caution"
          label={t('many.stopped')}
          reason={t('many.stoppedText', { count: countImported(results) })}
        />
      ) : null}
      {problem ? <ErrorPanel error={problem} /> : null}
      {results.length > 0 ? <ResultList results={results} /> : null}
      <div className={classes.buttons}>
        {running ? (
          <Button variant="default" onClick={run.stop} data-autofocus>
            {t('many.stop')}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={run.reset}>
              {t('many.again')}
            </Button>
            <Button onClick={onClose}>{t('many.close')}</Button>
          </>
        )}
      </div>
    </div>
  )
}

function countImported(results: ImportState['results']): number {
  return results.filter(({ outcome }) => outcome === 'imported').length
}

function partDone(progress: ImportState['progress']): number | 'unknown' {
  return progress && progress.total > 0 ? progress.done / progress.total : 'unknown'
}

function Running({ progress }: { progress: ImportState['progress'] }) {
  const { t } = useTranslation('certificates')
  const label = progress ? t(`many.${progress.stage}`, { ...progress }) : t('many.sending')
  const part = partDone(progress)
  return (
    <>
      <div>{label}</div>
      <Progress value={part === 'unknown' ? 0 : part * 100} mt={6} size="sm" aria-label={label} />
    </>
  )
}

function SummaryRow({ summary }: { summary: ImportSummary }) {
  const { t } = useTranslation('certificates')
  const { imported, there, failed, skipped } = summary
  const parts = [
    there > 0 ? t('many.there', { count: there }) : null,
    failed > 0 ? t('many.failed', { count: failed }) : null,
    skipped > 0 ? t('many.skipped', { count: skipped }) : null,
  ]
  const sentence = parts.filter((part) => part !== null).join(' ')
  const verdict = failed === 0 ? 'yes' : imported > 0 ? 'caution' : 'no'
  return <VerdictRow verdict={verdict} label={t('many.imported', { count: imported })} reason={sentence} />
}
