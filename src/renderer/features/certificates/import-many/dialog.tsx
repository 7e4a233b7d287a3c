import { Modal, Button, Progress, SegmentedControl } from '@mantine/core'
import { useEffect, useState, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Link } from 'wouter'
import { useClient, useDomains } from '../../../connection/engine-context.tsx'
import { Choosing } from './choosing.tsx'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { importOffer } from './import-offer.ts'
import { createImportRun, type ImportRun, type ImportState } from './import-run.ts'
import type { ImportSummary, ImportResult } from '../../../../contract/certificates/records.ts'
import { ErrorPanel, useTaskBarProgress } from '../../../ui/feedback/feedback.tsx'
import { VerdictRow, VerdictIcon, type Verdict } from '../../../ui/feedback/verdict.tsx'
import classes from '../certificate-drawer.module.css'
import { formatPlace } from '../../../../contract/errors/place.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { ListRows, type RowAttributes } from '../../../ui/lists/visible-rows.tsx'

export function ImportManyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  return (
    <Modal opened={opened} onClose={onClose} title={t('many.title')} size={880} closeOnClickOutside={false}>
      <ImportMany onClose={onClose} />
    </Modal>
  )
}

/** Mounted while the dialog is open; closing it aborts the import. */
function ImportMany({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const [run] = useState(() => createImportRun(client.certificates))
  const idle = useStore(run.store, ({ phase }) => phase === 'idle')
  useEffect(() => () => run.stop(), [run])
  return idle ? <Choosing run={run} onClose={onClose} /> : <Outcome run={run} onClose={onClose} />
}

function Outcome({ run, onClose }: { run: ImportRun; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const { phase, progress, results, summary, problem } = useStore(run.store)
  const running = phase === 'running'
  useTaskBarProgress(running ? partDone(progress) : null)
  return (
    <div className="stack gap-14">
      <div role="status">{running ? <Running progress={progress} /> : null}</div>
      {summary ? <SummaryRow summary={summary} /> : null}
      {summary ? <Offer results={results} /> : null}
      {phase === 'stopped' ? (
        <VerdictRow
          verdict="caution"
          label={t('many.stopped')}
          reason={t('many.stoppedText', { count: countImported(results) })}
        />
      ) : null}
      {problem ? <ErrorPanel error={problem} /> : null}
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

/** Domains that the certificates are for, and names that no domain has. */
function Offer({ results }: { results: readonly ImportResult[] }) {
  const { t } = useTranslation('certificates')
  const domains = useDomains((state) => state.items)
  const { covering, isUsable, unserved, names } = useMemo(
    () => importOffer(results, domains),
    [results, domains],
  )
  return (
    <>
      {covering > 0 ? (
        <div className="row gap-8">
          <span>{t('many.covering', { count: covering })}</span>
          {isUsable ? (
            <Button component={Link} href="/domains?filter=ready" variant="default" size="xs">
              {t('many.use', { count: covering })}
            </Button>
          ) : null}
        </div>
      ) : null}
      {unserved > 0 ? (
        <div className="row gap-8">
          <span>{t('many.unserved', { count: unserved })}</span>
          {names.length > 0 ? <CopyIcon value={names.join('\n')} label={t('many.names')} /> : null}
        </div>
      ) : null}
    </>
  )
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
            {(result, row) => <ResultRow key={row['data-index']} result={result} row={row} />}
          </ListRows>
        </ul>
      </div>
    </div>
  )
}

function ResultRow({ result, row }: { result: ImportResult; row: RowAttributes }) {
  const { t } = useTranslation('certificates')
  const { outcome, title, names, place, problem } = result
  const what = names.length > 0 ? names.slice(0, 3).map(readableName).join(', ') : title
  const more = names.length > 3 ? ` +${names.length - 3}` : ''
  const why = problem?.message ?? (outcome === 'left-out' ? t('many.leftOutText') : '')
  return (
    <li {...row} className={classes.result}>
      <VerdictIcon verdict={verdicts[outcome]} />
      <div className="grow">
        <div className="between line gap-14">
          <span className="cut semibold">
            {what}
            {more}
          </span>
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
