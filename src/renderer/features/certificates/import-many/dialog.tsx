import { Modal, Button, Progress, SegmentedControl } from '@mantine/core'
import { useEffect, useState, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../../connection/engine-context.tsx'
import { Choosing } from './choosing.tsx'
import { Advice, NextActDialog, type NextAct } from './import-advice.tsx'
import { createImportRun, type ImportRun, type ImportState } from './import-run.ts'
import type { ImportSummary, ImportResult } from '../../../../contract/certificates/records.ts'
import { ErrorPanel, useTaskBarProgress } from '../../../ui/feedback/feedback.tsx'
import { VerdictRow, VerdictIcon, type Verdict } from '../../../ui/feedback/verdict.tsx'
import classes from '../certificate-drawer.module.css'
import { formatPlace } from '../../../../contract/errors/place.ts'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'
import { ListRows, type RowAttributes } from '../../../ui/lists/visible-rows.tsx'

export function ImportManyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const [next, setNext] = useState<NextAct | null>(null)
  return (
    <>
      <Modal
        opened={opened}
        onClose={onClose}
        title={t('many.title')}
        size={880}
        closeOnClickOutside={false}
        closeOnEscape={next === null}
      >
        <ImportMany onClose={onClose} onNext={setNext} />
      </Modal>
      {next ? <NextActDialog next={next} onClose={() => setNext(null)} /> : null}
    </>
  )
}

interface Shown {
  onClose: () => void
  onNext: (next: NextAct) => void
}

/** Mounted while the dialog is open; closing it aborts the import. */
function ImportMany({ onClose, onNext }: Shown) {
  const client = useClient()
  const [run] = useState(() => createImportRun(client.certificates))
  const idle = useStore(run.store, ({ phase }) => phase === 'idle')
  useEffect(() => () => run.stop(), [run])
  return idle ? (
    <Choosing run={run} onClose={onClose} />
  ) : (
    <Outcome run={run} onClose={onClose} onNext={onNext} />
  )
}

function Outcome({ run, onClose, onNext }: Shown & { run: ImportRun }) {
  const { t } = useTranslation('certificates')
  const { phase, progress, results, summary, problem } = useStore(run.store)
  const running = phase === 'running'
  useTaskBarProgress(running ? partDone(progress) : null)
  return (
    <div className="stack gap-14">
      <div role="status">{running ? <Running progress={progress} /> : null}</div>
      {summary ? <SummaryRow summary={summary} /> : null}
      {phase === 'running' ? null : <Advice results={results} onNext={onNext} />}
      {problem ? <ErrorPanel error={problem} /> : null}
      {phase === 'stopped' || phase === 'failed' ? (
        <VerdictRow
          verdict="caution"
          label={t(phase === 'stopped' ? 'many.stopped' : 'many.early')}
          reason={t('many.earlyText', { count: countImported(results) })}
        />
      ) : null}
      {results.length > 0 ? <ResultList results={results} /> : null}
      <div className="row at-end gap-8">
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

const verdicts: Record<ImportResult['outcome'], Verdict> = {
  imported: 'yes',
  there: 'yes',
  'no-key': 'no',
  'no-certificate': 'no',
  locked: 'no',
  unreadable: 'no',
  refused: 'no',
  'left-out': 'caution',
  skipped: 'unknown',
}
const isTrouble = ({ outcome }: ImportResult) => verdicts[outcome] === 'no'

/** One row per certificate, key or file; all of them or only those that need action. */
function ResultList({ results }: { results: readonly ImportResult[] }) {
  const { t } = useTranslation('certificates')
  const [only, setOnly] = useState<'all' | 'trouble'>('all')
  const trouble = useMemo(() => results.filter(isTrouble), [results])
  const shown = only === 'trouble' ? trouble : results
  return (
    <div className={classes.results}>
      {trouble.length > 0 && trouble.length < results.length ? (
        <SegmentedControl<typeof only>
          size="xs"
          aria-label={t('many.show')}
          value={only}
          onChange={setOnly}
          data={[
            { value: 'all', label: t('many.all', { count: results.length }) },
            { value: 'trouble', label: t('many.trouble', { count: trouble.length }) },
          ]}
        />
      ) : null}
      <div
        className={`scroll frame ${classes.resultList}`}
        data-scrolls
        role="region"
        aria-label={t('many.results')}
        tabIndex={0}
      >
        <ul className="plain-list">
          <ListRows items={shown} keyOf={(_, index) => index} height={58}>
            {(result, row) => <ResultRow result={result} row={row} />}
          </ListRows>
        </ul>
      </div>
    </div>
  )
}

function ResultRow({ result, row }: { result: ImportResult; row: RowAttributes }) {
  const { t } = useTranslation('certificates')
  const { outcome, title, names, place, problem } = result
  const what = namesInShort(names, 3) || title
  const why = problem?.message ?? (outcome === 'left-out' ? t('many.leftOutText') : '')
  return (
    <li {...row} className={classes.result}>
      <VerdictIcon verdict={verdicts[outcome]} />
      <div className="grow">
        <div className="between line gap-14">
          <span className="cut semibold">{what}</span>
          <span className="dim text-xs cut">{formatPlace(place)}</span>
        </div>
        <div className="dim text-xs cut" title={why}>
          {t(`many.outcome.${outcome}`)}
          {why === '' || outcome === 'skipped' ? null : ` · ${why}`}
        </div>
      </div>
    </li>
  )
}
