import { useTranslation } from 'react-i18next'
import { SearchField } from '../../ui/lists/search-field.tsx'
import classes from './activity.module.css'
import { useActivityView } from './view-store.ts'

export function Search() {
  const { t } = useTranslation('activity')
  const search = useActivityView((state) => state.search)
  const setSearch = useActivityView((state) => state.setSearch)
  return (
    <SearchField
      className={classes.search}
      label={t('search.label')}
      placeholder={t('search.placeholder')}
      clearLabel={t('search.clear')}
      value={search}
      onChange={setSearch}
    />
  )
}
