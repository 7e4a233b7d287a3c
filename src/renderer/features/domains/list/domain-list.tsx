import { TextInput, Button } from '@mantine/core'
import { IconSearch, IconWorld } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useDomains } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { PageLayout } from '../../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { addDomain, copyPolicies, setPolicies } from '../actions.ts'
import { compareText } from '../../../ui/lists/compare.ts'
import { DomainTable } from './domain-table.tsx'
import classes from '../domain-list.module.css'
import { addPath } from '../paths.ts'
import { useReadTested } from '../verification/tested-store.ts'
import { formatOrigin } from '../origins/origin-value.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { CopyPoliciesDialog } from './copy-policies-dialog.tsx'
import policyClasses from '../policies.module.css'
import { SetPolicyDialog } from './set-policy-dialog.tsx'

const filterFrom = 8

export function DomainList() {
  const { t } = useTranslation(['domains', 'app'])
  const count = useDomains((state) => state.items.length)
  useReadTested(count)
  return (
    <PageLayout title={t('app:sections.domains')} actions={count > 0 ? <AddButton /> : null}>
      <DomainListBody />
    </PageLayout>
  )
}

function DomainListBody() {
  const { t } = useTranslation('domains')
  const { status, items, problem } = useDomains((state) => state)
  const [filter, setFilter] = useState('')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const sorted = useMemo(
    () => items.toSorted((one, other) => compareText(one.displayName, other.displayName)),
    [items],
  )
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
  const chosen = items.filter(({ name }) => selected.has(name))
  const wanted = filter.trim().toLowerCase()
  const shown = sorted.filter(({ name, displayName, origin }) =>
    `${name} ${displayName} ${formatOrigin(origin)}`.toLowerCase().includes(wanted),
  )
  return (
    <>
      {items.length >= filterFrom ? (
        <TextInput
          className={classes.filter}
          aria-label={t('table.filter')}
          placeholder={t('table.filter')}
          leftSection={<IconSearch size={15} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      ) : null}
      {chosen.length > 0 ? <SelectionBar domains={chosen} onClear={() => setSelected(new Set())} /> : null}
      {shown.length > 0 ? (
        <DomainTable domains={shown} selected={selected} onSelect={setSelected} />
      ) : (
        <p className="dim">{t('table.none', { filter })}</p>
      )}
    </>
  )
}

function AddButton() {
  const [, navigate] = useLocation()
  return <ActionButton action={addDomain} act={() => navigate(addPath)} />
}

function SelectionBar(props: { domains: readonly Domain[]; onClear: () => void }) {
  const { t } = useTranslation('policies')
  const { domains, onClear } = props
  const [opened, setOpened] = useState<'set' | 'copy' | null>(null)
  const close = () => setOpened(null)
  const done = () => {
    close()
    onClear()
  }
  return (
    <div className="row wrapping gap-8 above-12" role="toolbar" aria-label={t('batch.toolbar')}>
      <span className={policyClasses.selected} aria-live="polite">
        {t('batch.selected', { count: domains.length })}
      </span>
      <ActionButton action={setPolicies} variant="default" act={() => setOpened('set')} />
      <ActionButton action={copyPolicies} variant="default" act={() => setOpened('copy')} />
      <Button variant="subtle" onClick={onClear}>
        {t('batch.clear')}
      </Button>
      {opened === 'set' ? <SetPolicyDialog domains={domains} onClose={close} onDone={done} /> : null}
      {opened === 'copy' ? <CopyPoliciesDialog domains={domains} onClose={close} onDone={done} /> : null}
    </div>
  )
}
