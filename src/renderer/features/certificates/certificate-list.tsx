import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCertificates, useDomains } from '../../connection/engine-context.tsx'
import { NothingPasses } from '../../ui/feedback/feedback.tsx'
import { useNow } from '../../ui/primitives/window-clock.ts'
import { CertificateTable } from './certificate-table.tsx'
import { FilterBar } from './filter-bar.tsx'
import { chooseCertificates, mismatchedIds } from './filter.ts'
import { useCertificatesView } from './view-store.ts'

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
