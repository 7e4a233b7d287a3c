import { useDeferredValue, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../contract/domains/domains.ts'
import { unsavedParts, useDrafts } from './drafts/draft-store.ts'
import classes from './domain-page.module.css'
import { domainPath, parts, type Part } from './paths.ts'
import { PageTabs } from '../../ui/primitives/page-tabs.tsx'

/** Tabs of a domain's page. */
export function PartIndex(props: { domain: Domain; current: Part; findings: number }) {
  const { t } = useTranslation('domains')
  const { domain, current, findings } = props
  const counts = countsOf(domain, findings)
  const unsaved = unsavedParts(useDrafts((state) => state.byDomain.get(domain.name)))
  return (
    <PageTabs
      label={t('page.index', { domain: domain.displayName })}
      tabs={parts.map((part) => ({
        href: domainPath(domain.name, part),
        label: t(`page.parts.${part}`),
        isCurrent: part === current,
        mark: unsaved.has(part) ? <Unsaved /> : null,
        count: counts[part],
        alarm: part === 'findings' && findings > 0 ? t('page.found', { count: findings }) : undefined,
      }))}
    />
  )
}

/** Number of rules, restrictions and findings; other parts always have content. */
function countsOf(
  { policies: { headers, access, body } }: Domain,
  findings: number,
): Partial<Record<Part, number>> {
  const restrictions = [access.allow, access.users, body.maxBytes]
  return {
    headers: headers.rules.length,
    access: restrictions.filter((each) => each !== null).length,
    findings,
  }
}

/** Dot with an accessible label. */
function Unsaved() {
  const { t } = useTranslation('ui')
  return (
    <span
      className={classes.unsaved}
      role="img"
      aria-label={t('drafts.unsaved')}
      title={t('drafts.unsaved')}
    />
  )
}

/**
 * Tab panel. Hidden panels are mounted after the one in view, and stay mounted, so that input without a draft is not
 * lost.
 */
export function PartPanel({ part, current, children }: { part: Part; current: Part; children: ReactNode }) {
  const isInView = part === current
  const isMounted = useDeferredValue(true, isInView)
  return <div hidden={!isInView}>{isMounted || isInView ? children : null}</div>
}
