import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Finding } from '../../../../contract/findings/findings.ts'
import type { LiveState } from '../../../connection/live-query.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeSwitch } from '../../../ui/primitives/change-controls.tsx'
import { groupBy } from '../../../ui/group-by.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { clearFindings } from '../actions.ts'
import classes from '../domain-page.module.css'
import { ClearFindingsDialog } from './clear-findings-dialog.tsx'
import { FindingGroup } from './finding-group.tsx'
import { useSavePolicies } from '../origins/use-save-policies.ts'

export function FindingsSection(props: { domain: Domain; findings: LiveState<Finding> }) {
  const { domain } = props
  const { t } = useTranslation('policies')
  const [isClearing, setIsClearing] = useState(false)
  const { save, busy, error: failed } = useSavePolicies(domain, t('done'))
  const value = domain.policies.findings
  const { items, problem } = props.findings
  const error = failed ?? problem
  return (
    <Section title={t('findings.title')} description={t('findings.text')}>
      <ChangeSwitch
        label={t('findings.watch')}
        description={t('findings.watchText')}
        checked={value.watch}
        disabled={busy}
        onChange={(watch) => void save({ findings: { watch } })}
      />
      {error ? <ErrorPanel error={error} /> : null}
      <div aria-live="polite" className={classes.findings}>
        {items.length === 0 ? (
          <p className={classes.after}>{t(value.watch ? 'findings.noneYet' : 'findings.none')}</p>
        ) : (
          groupsOf(items).map((group) => (
            <FindingGroup key={group[0]?.kind} domain={domain} findings={group} />
          ))
        )}
      </div>
      {items.length > 0 ? (
        <div className={classes.footer}>
          <ActionButton action={clearFindings} variant="default" act={() => setIsClearing(true)} />
        </div>
      ) : null}
      {isClearing ? (
        <ClearFindingsDialog domain={domain} count={items.length} onClose={() => setIsClearing(false)} />
      ) : null}
    </Section>
  )
}

/** Grouped by kind, redirect loops and blocked content first. */
function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups = [...groupBy(findings, ({ kind }) => kind).values()]
  const rank = ([first]: Finding[]) =>
    first?.kind === 'redirect.loop' ? 0 : first?.kind === 'mixed.blocked' ? 1 : 2
  return groups.toSorted((one, other) => rank(one) - rank(other))
}
