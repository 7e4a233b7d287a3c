import { useTranslation } from 'react-i18next'
import classes from './changes.module.css'
import type { Change } from './changes.ts'
import { fieldLabel, formatValue } from './format-field.ts'

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
        {changes.map(({ about, field, before, after }) => (
          <tr key={`${about} ${field}`}>
            <th scope="row">
              {[about, fieldLabel(t, field)].filter((part) => part !== '').join(' · ') || t('row.value')}
            </th>
            <td data-side="before">
              <Value field={field} value={before} />
            </td>
            <td data-side="after">
              <Value field={field} value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ field, value }: { field: string; value: string | null }) {
  const { t } = useTranslation('activity')
  if (value === null) return <span className={classes.none}>{t('row.none')}</span>
  return formatValue(t, field, value)
}
