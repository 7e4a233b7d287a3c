import { IconAlertTriangle, IconSparkles } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import type { SwapImpact } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { VerdictRow } from '../feedback/verdict.tsx'
import { RemoveFile } from './piece-row.tsx'
import classes from './staging.module.css'
import { Shortened } from '../lists/shortened.tsx'

/** Unreadable parts of the files, each with its location. */
export function ProblemList({
  problems,
  removal,
}: {
  problems: IntakeReport['problems']
  /** Remove button for the file of a problem, if no piece of that file is listed. */
  removal?: (
    problem: IntakeReport['problems'][number],
    index: number,
  ) => { file: string; onRemove: () => void } | null
}) {
  const { t } = useTranslation('intake')
  if (problems.length === 0) return null
  return (
    <section aria-label={t('problems.title')}>
      <h3 className="caption">{t('problems.title')}</h3>
      <ul className="plain-list">
        <Shortened items={problems}>
          {(problem, index) => (
            <li key={index} className={classes.problem}>
              <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
              <span>
                {problem.message}
                {missingPlace(problem) ? (
                  <span className="dim text-xs wrap"> {missingPlace(problem)}</span>
                ) : null}
              </span>
              <Removal {...(removal?.(problem, index) ?? null)} />
            </li>
          )}
        </Shortened>
      </ul>
    </section>
  )
}

function Removal({ file, onRemove }: { file?: string; onRemove?: () => void }) {
  return file !== undefined && onRemove ? <RemoveFile file={file} onRemove={onRemove} /> : null
}

/** Location of the problem, unless its message contains it. */
function missingPlace({ message, place }: IntakeReport['problems'][number]): string | null {
  return place?.file && !message.includes(place.file) ? formatPlace(place) : null
}

/** Conversions that made the input servable. */
export function FixList({ fixes }: { fixes: IntakeReport['fixes'] }) {
  const { t } = useTranslation('intake')
  if (fixes.length === 0) return null
  return (
    <section aria-label={t('fixes.title')}>
      <h3 className="caption">{t('fixes.title')}</h3>
      <ul className="plain-list">
        <Shortened items={fixes}>
          {(fix, index) => (
            <li key={index} className={classes.fix}>
              <IconSparkles size={16} stroke={1.6} aria-hidden />
              <span>{fix.message}</span>
            </li>
          )}
        </Shortened>
      </ul>
    </section>
  )
}

/** Names that a swap removes from the domain's coverage, and names that it adds. */
export function ImpactNote({ impact }: { impact: SwapImpact }) {
  const { t } = useTranslation('intake')
  const { namesLost, namesGained } = impact
  if (namesLost.length === 0 && namesGained.length === 0) {
    return <VerdictRow verdict="yes" label={t('impact.same')} />
  }
  return (
    <>
      {namesLost.length > 0 ? (
        <VerdictRow
          verdict="caution"
          label={t('impact.lost', { count: namesLost.length })}
          reason={<span className="no medium">{namesLost.map(readableName).join(', ')}</span>}
        />
      ) : null}
      {namesGained.length > 0 ? (
        <VerdictRow
          verdict="yes"
          label={t('impact.gained', { count: namesGained.length })}
          reason={namesGained.map(readableName).join(', ')}
        />
      ) : null}
    </>
  )
}
