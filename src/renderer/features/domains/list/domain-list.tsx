import { Menu, Select } from '@mantine/core'
import { IconWorld } from '@tabler/icons-react'
import { useMemo, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useCertificates, useDomains, useTodaysUsage } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { PageLayout } from '../../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows, NothingPasses } from '../../../ui/feedback/feedback.tsx'
import { addDomain, copyPolicies, openMoveIn, openProjects, openTargets, setPolicies } from '../actions.ts'
import { useShownLater } from '../../../ui/derived.ts'
import { useListView, useViewAddress } from '../../../ui/views/list-view.ts'
import { FilterChoice } from '../../../ui/views/filter-choice.tsx'
import { SavedViews } from '../../../ui/views/saved-views.tsx'
import { SearchField } from '../../../ui/lists/search-field.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import {
  chooseDomains,
  countDomains,
  filters,
  domainsView,
  readyOf,
  sortByName,
  type Filter,
  type ListFacts,
} from './list-view.ts'
import { DomainTable } from './domain-table.tsx'
import { groupings, type Grouping } from './groups.ts'
import classes from '../domain-list.module.css'
import { addPath, moveInPath, projectsPath, targetsPath } from '../paths.ts'
import { useReadTested } from '../verification/tested-store.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { BulkDialog } from '../../../ui/bulk/bulk-dialog.tsx'
import { SelectionBar, useBulkButton, useSelection } from '../../../ui/bulk/selection.tsx'
import { bulkActs, type BulkAct } from '../../../../domain/bulk-plan.ts'
import { CopyPoliciesDialog } from './copy-policies-dialog.tsx'
import { SetPolicyDialog } from './set-policy-dialog.tsx'

interface Bulk {
  act: BulkAct
  domains: readonly Domain[]
}

const filterFrom = 8
const none: readonly never[] = []
const nameOf = ({ name }: Domain) => name

export function DomainList() {
  const { t } = useTranslation(['domains', 'app'])
  const count = useDomains((state) => state.items.length)
  const isEmpty = useDomains(({ status, items }) => status !== 'waiting' && items.length === 0)
  useReadTested(count)
  // Outlives the rows that it removes.
  const [bulk, setBulk] = useState<Bulk | null>(null)
  const { button, focus } = useBulkButton()
  const close = () => {
    setBulk(null)
    focus()
  }
  return (
    <PageLayout title={t('app:sections.domains')} actions={<HeaderButtons canAdd={!isEmpty} />}>
      <DomainListBody button={button} onBulk={setBulk} />
      {bulk ? <BulkDialog {...bulk} onClose={close} /> : null}
    </PageLayout>
  )
}

interface BulkMenu {
  button: RefObject<HTMLButtonElement | null>
  onBulk: (bulk: Bulk) => void
}

function DomainListBody(menu: BulkMenu) {
  const { t } = useTranslation('domains')
  const { status, items, problem } = useDomains((state) => state)
  const view = useListView(domainsView)
  useViewAddress(domainsView)
  const facts = useListFacts()
  const { chosen, clear, ...selection } = useSelection(items, nameOf)
  const byName = useMemo(() => sortByName(items), [items])
  const shown = useMemo(() => chooseDomains(byName, view, facts), [byName, view, facts])
  if (problem && items.length === 0) return <ErrorPanel title={t('problem')} error={problem} />
  if (status === 'waiting') return <LoadingRows height={56} />
  if (items.length === 0) {
    return (
      <EmptyState
        icon={<IconWorld size={28} stroke={1.5} />}
        title={t('empty.title')}
        text={t('empty.text')}
        action={<AddButton />}
      />
    )
  }
  const hasBar = items.length >= filterFrom || view.filter !== 'all' || view.search !== ''
  return (
    <>
      {hasBar ? <FilterBar domains={items} facts={facts} /> : null}
      {chosen.length > 0 ? <DomainActs domains={chosen} {...menu} onClear={clear} /> : null}
      {shown.length > 0 ? (
        <DomainTable domains={shown} {...selection} />
      ) : (
        <NothingPasses
          title={t('nothing.title')}
          text={t('nothing.text')}
          clear={{ label: t('nothing.clear'), run: domainsView.clear }}
        />
      )}
    </>
  )
}

/** Facts for filters and order; today's requests only while they decide the order. */
function useListFacts(): ListFacts {
  const now = useNow()
  const { sort } = useListView(domainsView)
  const usage = useTodaysUsage((state) => (sort === 'today' ? state.items : none))
  const domains = useShownLater(useDomains(({ status, items }) => (status === 'filling' ? none : items)))
  const certificates = useShownLater(
    useCertificates(({ status, items }) => (status === 'filling' ? none : items)),
  )
  const ready = readyOf(domains, certificates, now)
  return useMemo(
    () => ({ now, today: new Map(usage.map(({ domain, https }) => [domain, https])), ready }),
    [now, usage, ready],
  )
}

/** Filters with counts; one that no domain passes is left out unless it is chosen. */
function FilterBar({ domains, facts }: { domains: readonly Domain[]; facts: ListFacts }) {
  const { t } = useTranslation('domains')
  const { filter, search } = useListView(domainsView)
  const counted = useShownLater(domains)
  const counts = useMemo(() => countDomains(counted, facts), [counted, facts])
  // A part of the list would be counted for all of it.
  const isWhole = useDomains(({ status }) => status !== 'filling') && counted.length > 0
  return (
    <div className="row between wrapping gap-8 above-12">
      <FilterChoice<Filter>
        label={t('filter.label')}
        filters={filters}
        labelOf={(each) => t(`filter.${each}`)}
        counts={counts}
        isWhole={isWhole}
        value={filter}
        onChange={(chosen) => domainsView.set({ filter: chosen })}
      />
      <div className="row gap-8">
        <SearchField
          className={classes.filter}
          label={t('table.filter')}
          placeholder={t('table.filter')}
          clearLabel={t('nothing.clear')}
          value={search}
          onChange={(typed) => domainsView.set({ search: typed })}
        />
        <GroupChoice domains={domains} />
        <SavedViews view={domainsView} />
      </div>
    </div>
  )
}

function GroupChoice({ domains }: { domains: readonly Domain[] }) {
  const { t } = useTranslation('domains')
  const { group } = useListView(domainsView)
  const hasTags = useMemo(() => domains.some(({ tags }) => tags.length > 0), [domains])
  return (
    <Select<Grouping>
      size="xs"
      className={classes.grouping}
      aria-label={t('group.label')}
      allowDeselect={false}
      data={groupings
        .filter((each) => each !== 'tag' || hasTags || group === 'tag')
        .map((value) => ({ value, label: t(`group.${value}`) }))}
      value={group}
      onChange={(chosen) => domainsView.set({ group: chosen ?? 'none' })}
    />
  )
}

function AddButton() {
  const [, navigate] = useLocation()
  return <ActionButton action={addDomain} act={() => navigate(addPath)} />
}

/** Buttons of the pages below this one; an empty list has the button to add a domain itself. */
function HeaderButtons({ canAdd }: { canAdd: boolean }) {
  const [, navigate] = useLocation()
  return (
    <div className="row wrapping gap-8">
      <ActionButton action={openProjects} variant="default" act={() => navigate(projectsPath)} />
      <ActionButton action={openMoveIn} variant="default" act={() => navigate(moveInPath)} />
      <ActionButton action={openTargets} variant="default" act={() => navigate(targetsPath)} />
      {canAdd ? <AddButton /> : null}
    </div>
  )
}

function DomainActs(props: BulkMenu & { domains: readonly Domain[]; onClear: () => void }) {
  const { t } = useTranslation(['policies', 'domains'])
  const { domains, button, onBulk, onClear } = props
  const [opened, setOpened] = useState<'set' | 'copy' | null>(null)
  const close = () => setOpened(null)
  const done = () => {
    close()
    onClear()
  }
  return (
    <SelectionBar
      label={t('batch.toolbar')}
      text={t('batch.selected', { count: domains.length })}
      button={button}
      items={bulkActs.map((act) => (
        <Menu.Item key={act} onClick={() => onBulk({ act, domains })}>
          {t(`domains:bulk.act.${act}`)}
        </Menu.Item>
      ))}
      onClear={onClear}
    >
      <ActionButton action={setPolicies} variant="default" act={() => setOpened('set')} />
      <ActionButton action={copyPolicies} variant="default" act={() => setOpened('copy')} />
      {opened === 'set' ? <SetPolicyDialog domains={domains} onClose={close} onDone={done} /> : null}
      {opened === 'copy' ? <CopyPoliciesDialog domains={domains} onClose={close} onDone={done} /> : null}
    </SelectionBar>
  )
}
