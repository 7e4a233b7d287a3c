import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../../contract/text/count.ts'
import classes from './views.module.css'

/** Filters of a list with the number of their rows; one without a row is left out, unless it is chosen. */
export function FilterChoice<Filter extends string>(props: {
  label: string
  filters: readonly (Filter | 'all')[]
  labelOf: (filter: Filter | 'all') => string
  counts: Record<Filter | 'all', number>
  /** The counts are those of the whole list. */
  isWhole: boolean
  value: Filter | 'all'
  onChange: (filter: Filter | 'all') => void
}) {
  const { t, i18n } = useTranslation('ui')
  const { label, filters, labelOf, counts, isWhole, value, onChange } = props
  return (
    <SegmentedControl<Filter | 'all'>
      size="xs"
      className={classes.filters}
      aria-label={label}
      value={value}
      onChange={onChange}
      data={filters
        .filter((each) => each === 'all' || each === value || counts[each] > 0)
        .map((each) => ({
          value: each,
          label: (
            <span className="one-line" title={each === 'expiring' ? t('filter.expiring') : undefined}>
              {labelOf(each)}{' '}
              {isWhole ? (
                <span className="dim numbers">{formatNumber(counts[each], i18n.language)}</span>
              ) : null}
            </span>
          ),
        }))}
    />
  )
}
