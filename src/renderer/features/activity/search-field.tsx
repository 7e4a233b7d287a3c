import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './activity.module.css'
import { useActivityView } from './view-store.ts'

export function SearchField() {
  const { t } = useTranslation('activity')
  const search = useActivityView((state) => state.search)
  const setSearch = useActivityView((state) => state.setSearch)
  return (
    <TextInput
      type="search"
      className={classes.search}
      aria-label={t('search.label')}
      placeholder={t('search.placeholder')}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        search === '' ? null : (
          <CloseButton size="xs" aria-label={t('search.clear')} onClick={() => setSearch('')} />
        )
      }
      value={search}
      onChange={(event) => setSearch(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
    />
  )
}
