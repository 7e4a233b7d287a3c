import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPlace } from '../../../../contract/errors/place.ts'
import type { ImportResult } from '../../../../contract/certificates/records.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { VerdictIcon, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { VirtualList } from '../../../ui/lists/virtual-list.tsx'
import classes from './import-many.module.css'

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
export function ResultList({ results }: { results: readonly ImportResult[] }) {
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
      <VirtualList
        label={t('many.results')}
        items={shown}
        rowHeight={58}
        maxHeight={350}
        keyOf={(_, index) => index}
      >
        {(result) => <ResultRow result={result} />}
      </VirtualList>
    </div>
  )
}

function ResultRow({ result }: { result: ImportResult }) {
  const { t } = useTranslation('certificates')
  const { outcome, title, names, place, problem } = result
  const what = names.length > 0 ? names.slice(0, 3).map(readableName).join(', ') : title
  const more = names.length > 3 ? ` +${names.length - 3}` : ''
  const why = problem?.message ?? (outcome === 'left-out' ? t('many.leftOutText') : '')
  return (
    <div className={classes.result}>
      <VerdictIcon verdict={verdicts[outcome]} />
      <div className={classes.resultText}>
        <div className={classes.resultHead}>
          <span className={classes.resultTitle}>
            {what}
            {more}
          </span>
          <span className={classes.place}>{formatPlace(place)}</span>
        </div>
        <div className={classes.why} title={why}>
          {t(`many.outcome.${outcome}`)}
          {why === '' || outcome === 'skipped' ? null : ` · ${why}`}
        </div>
      </div>
    </div>
  )
}
