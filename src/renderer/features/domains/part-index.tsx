import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Domain } from '../../../contract/domains/domains.ts'
import { unsavedParts, useDrafts } from './drafts/draft-store.ts'
import classes from './domain-page.module.css'
import { domainPath, parts, type Part } from './paths.ts'

/** Tabs of a domain's page. Each has a URL for links and browser history. */
export function PartIndex(props: { domain: Domain; current: Part; findings: number }) {
  const { t } = useTranslation('domains')
  const unsaved = unsavedParts(useDrafts((state) => state.byDomain.get(props.domain.name)))
  return (
    <nav className={classes.index} aria-label={t('page.index', { domain: props.domain.displayName })}>
      {parts.map((part) => (
        <Link
          key={part}
          href={domainPath(props.domain.name, part)}
          className={classes.entry}
          aria-current={part === props.current ? 'page' : undefined}
        >
          {t(`page.parts.${part}`)}
          {unsaved.has(part) ? <Unsaved /> : null}
          {part === 'findings' && props.findings > 0 ? <Count of={props.findings} /> : null}
        </Link>
      ))}
    </nav>
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

function Count({ of }: { of: number }) {
  const { t } = useTranslation('domains')
  return (
    <span className={classes.count} title={t('page.found', { count: of })}>
      {of}
    </span>
  )
}

/** Tab panel. Hidden panels stay mounted, so that input without a draft is not lost. */
export function PartPanel(props: { part: Part; current: Part; children: ReactNode }) {
  return <div hidden={props.part !== props.current}>{props.children}</div>
}
