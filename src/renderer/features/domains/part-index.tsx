import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Domain } from '../../../contract/domains/domains.ts'
import { unsavedParts, useDrafts } from './drafts/draft-store.ts'
import classes from './domain-page.module.css'
import { domainPath, parts, type Part } from './paths.ts'

/**
 * Tabs of a domain's page. Each has a URL for links and browser history. Tabs without content show that by
 * their count, in a row of their own.
 */
export function PartIndex(props: { domain: Domain; current: Part; findings: number }) {
  const { t } = useTranslation('domains')
  const counts = countsOf(props.domain, props.findings)
  const [used, empty] = [
    parts.filter((part) => counts[part] !== 0),
    parts.filter((part) => counts[part] === 0),
  ]
  const tabOf = (part: Part) => <Tab key={part} {...props} part={part} count={counts[part]} />
  return (
    <nav className={classes.index} aria-label={t('page.index', { domain: props.domain.displayName })}>
      <div className={classes.row}>{used.map(tabOf)}</div>
      {empty.length > 0 ? (
        <div className={classes.row} data-empty>
          {empty.map(tabOf)}
        </div>
      ) : null}
    </nav>
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

function Tab(props: { domain: Domain; current: Part; part: Part; count: number | undefined }) {
  const { t } = useTranslation('domains')
  const { domain, part, count } = props
  const unsaved = unsavedParts(useDrafts((state) => state.byDomain.get(domain.name)))
  return (
    <Link
      href={domainPath(domain.name, part)}
      className={classes.entry}
      aria-current={part === props.current ? 'page' : undefined}
    >
      {t(`page.parts.${part}`)}
      {unsaved.has(part) ? <Unsaved /> : null}
      {count === undefined ? null : (
        <span
          className={classes.count}
          data-alarm={part === 'findings' && count > 0}
          title={part === 'findings' ? t('page.found', { count }) : undefined}
        >
          {count}
        </span>
      )}
    </Link>
  )
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

/** Tab panel. Hidden panels stay mounted, so that input without a draft is not lost. */
export function PartPanel(props: { part: Part; current: Part; children: ReactNode }) {
  return <div hidden={props.part !== props.current}>{props.children}</div>
}
