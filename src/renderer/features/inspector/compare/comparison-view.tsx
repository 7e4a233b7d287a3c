import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../../../contract/inspect/comparison.ts'
import { bothNames } from '../../../../contract/text/readable-name.ts'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { formatTimesIn } from '../../../ui/primitives/time.tsx'
import classes from '../sides.module.css'

const strengths: Record<Comparison['strength']['change'], Verdict> = {
  stronger: 'yes',
  same: 'yes',
  different: 'unknown',
  weaker: 'caution',
}

export function ComparisonView({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation(['inspector', 'facts', 'domains'])
  const { before, after, summary, names, key, strength, lifetime, chain, identical } = comparison
  return (
    <div className={classes.result} role="status">
      <div className="strong row wrapping gap-8">
        <span>{before.title}</span>
        <span aria-hidden>→</span>
        <span>{after.title}</span>
        <CopyIcon value={JSON.stringify(comparison, null, 2)} label={t('compare.copy')} />
      </div>
      <ul className={classes.summary}>
        {summary.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {identical ? null : (
        <>
          <NameChanges names={names} />
          <VerdictRow
            verdict="unknown"
            label={t(key.reused ? 'compare.keyReused' : 'compare.keyNew')}
            reason={key.sentence}
          />
          <VerdictRow
            verdict={strengths[strength.change]}
            label={t(`compare.${strength.change}`)}
            reason={strength.sentence}
          />
          <VerdictRow verdict="unknown" label={t('facts:lifetime')} reason={lifetime.sentence} />
          {chain.lost.length + chain.gained.length > 0 ? (
            <VerdictRow
              verdict="unknown"
              label={t('domains:https.chain')}
              reason={t('compare.chainText', {
                lost: chain.lost.join(', ') || t('compare.none'),
                gained: chain.gained.join(', ') || t('compare.none'),
              })}
            />
          ) : null}
          <Changes comparison={comparison} />
        </>
      )}
    </div>
  )
}

function NameChanges({ names }: { names: Comparison['names'] }) {
  const { t } = useTranslation('inspector')
  if (names.lost.length + names.gained.length === 0)
    return <VerdictRow verdict="yes" label={t('compare.sameNames')} />
  return (
    <>
      {names.lost.length > 0 ? (
        <VerdictRow
          verdict="caution"
          label={t('compare.lost', { count: names.lost.length })}
          reason={<span className="no medium">{names.lost.map(bothNames).join(', ')}</span>}
        />
      ) : null}
      {names.gained.length > 0 ? (
        <VerdictRow
          verdict="yes"
          label={t('compare.gained', { count: names.gained.length })}
          reason={names.gained.map(bothNames).join(', ')}
        />
      ) : null}
    </>
  )
}

function Changes({ comparison }: { comparison: Comparison }) {
  const { t, i18n } = useTranslation(['inspector', 'activity'])
  const shown = (value: string | null) =>
    value === null ? <em>{t('compare.none')}</em> : formatTimesIn(value, i18n.language)
  if (comparison.changes.length === 0) return null
  return (
    <table className={classes.changes}>
      <caption>{t('compare.fields')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('activity:row.field')}</th>
          <th scope="col">{comparison.before.title}</th>
          <th scope="col">{comparison.after.title}</th>
        </tr>
      </thead>
      <tbody>
        {comparison.changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td data-side="before">{shown(before)}</td>
            <td data-side="after">{shown(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
