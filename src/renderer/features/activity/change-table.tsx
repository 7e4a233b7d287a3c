import { useTranslation } from 'react-i18next'
import classes from './activity.module.css'
import type { Change } from './changes.ts'

/** Field by field: how it was, how it is. */
export function ChangeTable({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation('activity')
  if (changes.length === 0) return <p className={classes.nothing}>{t('row.nothing')}</p>
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">{t('row.field')}</th>
          <th scope="col">{t('row.before')}</th>
          <th scope="col">{t('row.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field || t('row.value')}</th>
            <td data-side="before">{before ?? <span className={classes.none}>{t('row.none')}</span>}</td>
            <td data-side="after">{after ?? <span className={classes.none}>{t('row.none')}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
