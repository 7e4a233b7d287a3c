import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCertificates, useDomains } from '../../connection/engine-context.tsx'
import { NothingPasses } from '../../ui/feedback/feedback.tsx'
import { useNow } from '../../ui/primitives/window-clock.ts'
import { CertificateTable } from './certificate-table.tsx'
import {
  chooseCertificates,
  mismatchedIds,
  countByFilter,
  filters,
  tagsOf,
  type Circumstances,
  type Filter,
} from './filter.ts'
import { SegmentedControl, Select } from '@mantine/core'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { SearchField } from '../../ui/lists/search-field.tsx'
import classes from './certificates.module.css'
import { create } from 'zustand'

export function CertificateList() {
  const items = useCertificates((state) => state.items)
  const filter = useCertificatesView((state) => state.filter)
  const search = useCertificatesView((state) => state.search)
  const tag = useCertificatesView((state) => state.tag)
  const now = useNow()
  const domains = useDomains((state) => state.items)
  const given = useMemo(() => ({ now, mismatched: mismatchedIds(domains) }), [now, domains])
  const chosen = useMemo(
    () => chooseCertificates(items, { filter, search, tag }, given),
    [items, filter, search, tag, given],
  )
  return (
    <>
      <FilterBar certificates={items} given={given} />
      {chosen.length > 0 ? <CertificateTable certificates={chosen} given={given} /> : <NoneFound />}
    </>
  )
}

function NoneFound() {
  const { t } = useTranslation('certificates')
  const clear = useCertificatesView((state) => state.clear)
  return (
    <NothingPasses
      title={t('nothing.title')}
      text={t('nothing.text')}
      clear={{ label: t('nothing.clear'), run: clear }}
    />
  )
}

function FilterBar(props: { certificates: readonly CertificateSummary[]; given: Circumstances }) {
  const { t } = useTranslation('certificates')
  const filter = useCertificatesView((state) => state.filter)
  const setFilter = useCertificatesView((state) => state.setFilter)
  const { certificates, given } = props
  const counts = useMemo(() => countByFilter(certificates, given), [certificates, given])
  return (
    <div className={classes.bar}>
      <SegmentedControl<Filter>
        size="xs"
        aria-label={t('filter.label')}
        value={filter}
        onChange={setFilter}
        data={filters.map((value) => ({
          value,
          label: <FilterLabel text={t(`filter.${value}`)} count={counts[value]} />,
        }))}
      />
      <div className="wrapping line gap-8">
        <TagChoice certificates={certificates} />
        <Search />
      </div>
    </div>
  )
}

/** Renders nothing if no certificate has a tag. */
function TagChoice({ certificates }: { certificates: readonly CertificateSummary[] }) {
  const { t } = useTranslation('certificates')
  const tag = useCertificatesView((state) => state.tag)
  const setTag = useCertificatesView((state) => state.setTag)
  const tags = useMemo(() => tagsOf(certificates), [certificates])
  const data = tag === null || tags.includes(tag) ? tags : [...tags, tag]
  if (data.length === 0) return null
  return (
    <Select
      size="xs"
      className={classes.tag}
      aria-label={t('filter.tag')}
      placeholder={t('filter.tag')}
      data={data}
      clearable
      value={tag}
      onChange={setTag}
    />
  )
}

function FilterLabel({ text, count }: { text: string; count: number }) {
  return (
    <span className="one-line">
      {text} <span className="dim numbers">{count}</span>
    </span>
  )
}

function Search() {
  const { t } = useTranslation('certificates')
  const search = useCertificatesView((state) => state.search)
  const setSearch = useCertificatesView((state) => state.setSearch)
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

interface CertificatesView {
  filter: Filter
  search: string
  /** Shows only certificates with this tag; null for all. */
  tag: string | null
  setFilter(filter: Filter): void
  setSearch(search: string): void
  setTag(tag: string | null): void
  clear(): void
}

/** Filters of the list, kept while other pages are open. */
const useCertificatesView = create<CertificatesView>((set) => ({
  filter: 'all',
  search: '',
  tag: null,
  setFilter: (filter) => set({ filter }),
  setSearch: (search) => set({ search }),
  setTag: (tag) => set({ tag }),
  clear: () => set({ filter: 'all', search: '', tag: null }),
}))
