import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCertificates } from '../../connection/engine-context.tsx'
import { NothingPasses } from '../../ui/feedback/feedback.tsx'
import { useNow } from '../../ui/primitives/window-clock.ts'
import { useSelection } from '../../ui/bulk/selection.tsx'
import { CertificateActs, type BulkMenu } from './bulk/certificate-acts.tsx'
import { CertificateTable } from './certificate-table.tsx'
import { tagsOf } from '../../../domain/changed-tags.ts'
import { useShownLater } from '../../ui/derived.ts'
import { useListView, useViewAddress } from '../../ui/views/list-view.ts'
import { FilterChoice } from '../../ui/views/filter-choice.tsx'
import { SavedViews } from '../../ui/views/saved-views.tsx'
import {
  certificatesView,
  chooseCertificates,
  circumstancesOf,
  countCertificates,
  filters,
  sortByExpiry,
  type Circumstances,
  type Filter,
} from './filter.ts'
import { Select } from '@mantine/core'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { saveCertificates } from './actions.ts'
import { certificatesCsv } from './certificates-csv.ts'
import { SearchField } from '../../ui/lists/search-field.tsx'
import classes from './certificates.module.css'

const idOf = ({ id }: CertificateSummary) => id

export function CertificateList(menu: BulkMenu) {
  const items = useCertificates((state) => state.items)
  const view = useListView(certificatesView)
  useViewAddress(certificatesView)
  const now = useNow()
  const given = circumstancesOf(items, now)
  const byExpiry = useMemo(() => sortByExpiry(items), [items])
  const chosen = useMemo(() => chooseCertificates(byExpiry, view, given), [byExpiry, view, given])
  const { chosen: selected, clear, ...selection } = useSelection(byExpiry, idOf)
  return (
    <>
      <FilterBar certificates={items} chosen={chosen} given={given} />
      {selected.length > 0 ? <CertificateActs certificates={selected} {...menu} onClear={clear} /> : null}
      {chosen.length > 0 ? (
        <CertificateTable certificates={chosen} given={given} {...selection} />
      ) : (
        <NoneFound />
      )}
    </>
  )
}

function NoneFound() {
  const { t } = useTranslation('certificates')
  return (
    <NothingPasses
      title={t('nothing.title')}
      text={t('nothing.text')}
      clear={{ label: t('nothing.clear'), run: certificatesView.clear }}
    />
  )
}

function FilterBar(props: {
  certificates: readonly CertificateSummary[]
  chosen: readonly CertificateSummary[]
  given: Circumstances
}) {
  const { t } = useTranslation('certificates')
  const { filter, search } = useListView(certificatesView)
  const { certificates, chosen, given } = props
  const counted = useShownLater(certificates)
  const isWhole = useCertificates(({ status }) => status !== 'filling') && counted.length > 0
  const counts = useMemo(() => countCertificates(counted, given), [counted, given])
  return (
    <div className={classes.bar}>
      <FilterChoice<Filter>
        label={t('filter.label')}
        filters={filters}
        labelOf={(each) => t(`filter.${each}`)}
        counts={counts}
        isWhole={isWhole}
        value={filter}
        onChange={(chosen) => certificatesView.set({ filter: chosen })}
      />
      <div className="wrapping line gap-8">
        <TagChoice certificates={certificates} />
        <SearchField
          className={classes.search}
          label={t('search.label')}
          placeholder={t('search.placeholder')}
          clearLabel={t('search.clear')}
          value={search}
          onChange={(typed) => certificatesView.set({ search: typed })}
        />
        <SavedViews view={certificatesView} />
        <SaveCsv certificates={chosen} disabled={!isWhole || chosen.length === 0} />
      </div>
    </div>
  )
}

function SaveCsv(props: { certificates: readonly CertificateSummary[]; disabled: boolean }) {
  const { certificates, disabled } = props
  const save = () => downloadText('edgekeep-certificates.csv', 'text/csv', certificatesCsv(certificates))
  return <ActionButton action={saveCertificates} size="xs" variant="default" disabled={disabled} act={save} />
}

/** Renders nothing if no certificate has a tag. */
function TagChoice({ certificates }: { certificates: readonly CertificateSummary[] }) {
  const { t } = useTranslation('certificates')
  const { tag } = useListView(certificatesView)
  const tags = useMemo(() => tagsOf(certificates), [certificates])
  const data = tag === '' || tags.includes(tag) ? tags : [...tags, tag]
  if (data.length === 0) return null
  return (
    <Select
      size="xs"
      className={classes.tag}
      aria-label={t('filter.tag')}
      placeholder={t('filter.tag')}
      data={data}
      clearable
      value={tag || null}
      onChange={(chosen) => certificatesView.set({ tag: chosen ?? '' })}
    />
  )
}
