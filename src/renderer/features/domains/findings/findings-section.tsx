import { useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { type Finding, findingRegistry, headerRemedy } from '../../../../contract/findings/findings.ts'
import { type LiveState, createLiveQuery, keepFollowing } from '../../../connection/live-query.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeSwitch, ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { groupBy } from '../../../../domain/group-by.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { clearFindings } from '../actions.ts'
import classes from '../domain-page.module.css'
import { useSavePolicies } from '../drafts/use-policy.ts'
import { useClient, useConnection } from '../../../connection/engine-context.tsx'
import { ConfirmCall } from '../../../ui/forms/dialog.tsx'
import { DevServerRemedy, LocalhostButton } from './dev-server-remedy.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import findingClasses from '../policies.module.css'
import type { HeaderRule } from '../../../../contract/domains/header-rules.ts'
import { useStore } from 'zustand'
import { findingKey } from '../../../../domain/finding-key.ts'

export function FindingsSection(props: { domain: Domain; findings: LiveState<Finding> }) {
  const { domain } = props
  const { t } = useTranslation('policies')
  const [isClearing, setIsClearing] = useState(false)
  const { save, busy, error: failed } = useSavePolicies(domain, t('done'))
  const value = domain.policies.findings
  const { status, items, problem } = props.findings
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
        {status === 'waiting' ? null : items.length === 0 ? (
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

function ClearFindingsDialog(props: { domain: Domain; count: number; onClose: () => void }) {
  const { domain, count, onClose } = props
  const { t } = useTranslation('policies')
  return (
    <ConfirmCall
      title={t('findings.clearTitle', { domain: domain.displayName })}
      confirmLabel={t('findings.clearConfirm')}
      act={(client) => client.findings.clear({ domain: domain.name })}
      done={t('findings.cleared')}
      onClose={onClose}
    >
      <p>{t('findings.clearText', { count })}</p>
    </ConfirmCall>
  )
}

/** Maximum shown per kind; the rest is counted. */
const mostShown = 8

/** Findings of one kind: meaning, remedy and locations. */
function FindingGroup({ domain, findings }: { domain: Domain; findings: readonly Finding[] }) {
  const { t } = useTranslation('policies')
  const [first] = findings
  if (!first) return null
  const { title, advice } = findingRegistry[first.kind]
  const remedy = headerRemedy(first.kind)
  return (
    <VerdictRow verdict={verdictOf(first)} label={title} reason={advice}>
      {remedy ? <RemedyButton domain={domain} rule={remedy} /> : null}
      <DevServerRemedy kind={first.kind} host={first.domain} act={<LocalhostButton domain={domain} />} />
      <ul className={findingClasses.places}>
        {findings.slice(0, mostShown).map(({ path, example, count, lastSeen }) => (
          <li key={`${path} ${example}`}>
            <span className="mono wrap">{path}</span>
            {example ? <span className="mono wrap">{example}</span> : null}
            <span className="dim text-xs">
              {t('findings.times', { count })} <RelativeTime at={lastSeen} />
            </span>
          </li>
        ))}
      </ul>
      {findings.length > mostShown ? (
        <p className="flush below-4">{t('findings.more', { count: findings.length - mostShown })}</p>
      ) : null}
    </VerdictRow>
  )
}

function verdictOf({ kind }: Finding): Verdict {
  if (kind === 'redirect.loop' || kind === 'mixed.blocked') return 'no'
  return kind === 'hsts.from-origin' || kind.startsWith('dev-server.') ? 'unknown' : 'caution'
}

function RemedyButton({ domain, rule }: { domain: Domain; rule: HeaderRule }) {
  const { t } = useTranslation('policies')
  // Saves on top of the stored rules; unsaved edits under Headers stay unsaved. A cured finding is gone.
  const { save, busy, error } = useSavePolicies(domain, t('done'))
  const value = domain.policies.headers
  return (
    <div className={findingClasses.remedy}>
      <ChangeButton
        variant="default"
        size="compact-sm"
        loading={busy}
        onClick={() => void save({ headers: { rules: [...value.rules, rule] } })}
      >
        {t('findings.remedy', { name: rule.name })}
      </ChangeButton>
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  )
}

export function useFindings(domain: string): LiveState<Finding> {
  const client = useClient()
  const connection = useConnection()
  const [query] = useState(() =>
    createLiveQuery<Finding>({
      watch: (signal) => client.findings.watch({ domain }, { signal }),
      keyOf: findingKey,
    }),
  )
  useEffect(() => {
    if (connection !== 'connected') return
    const controller = new AbortController()
    void keepFollowing(query.follow, controller.signal)
    return () => controller.abort()
  }, [query, connection])
  return useStore(query.store)
}
