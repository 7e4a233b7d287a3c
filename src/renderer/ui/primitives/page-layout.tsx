import { IconArrowLeft, IconChevronDown } from '@tabler/icons-react'
import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { Link } from 'wouter'
import classes from './page-layout.module.css'

/** Page with a sticky title and actions above scrolling content. */
export function PageLayout(props: {
  title: ReactNode
  description?: ReactNode
  /** Back link above the title. */
  back?: ReactNode
  actions?: ReactNode
  /** Tabs below the title; sticky. */
  index?: ReactNode
  /** Id of the current part; scrolls to the top when it changes. */
  place?: string
  children: ReactNode
  /** `full`: whole width (tables, panes); `reading`: a comfortable line length; `columns`: two of them. */
  width?: 'full' | 'reading' | 'columns'
}) {
  const body = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (body.current) body.current.scrollTop = 0
  }, [props.place])
  return (
    <div className={classes.page}>
      <header className={classes.header} data-width={props.width ?? 'full'}>
        <div className={classes.titles}>
          {props.back}
          <h1 className={classes.title}>{props.title}</h1>
          {props.description ? <div className={classes.description}>{props.description}</div> : null}
        </div>
        {props.actions ? <div className={classes.actions}>{props.actions}</div> : null}
      </header>
      {props.index}
      <div
        ref={body}
        className={classes.body}
        data-scrolls
        data-width={props.width ?? 'full'}
        data-indexed={props.index ? true : undefined}
      >
        {props.children}
      </div>
    </div>
  )
}

/** Link above a title, to the page that this one belongs to. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className={classes.back}>
      <IconArrowLeft size={14} aria-hidden />
      {children}
    </Link>
  )
}

/** Card with only its heading until a person opens it; its content is mounted, and offers its actions. */
export function FoldedSection(props: { title: string; children: ReactNode }) {
  return (
    <details className={classes.section} aria-label={props.title}>
      <summary className={classes.summary}>
        <h2 className={classes.sectionTitle}>{props.title}</h2>
        <IconChevronDown size={16} stroke={1.8} aria-hidden />
      </summary>
      <div className={classes.sectionBody}>{props.children}</div>
    </details>
  )
}

/** Card with a heading. */
export function Section(props: {
  title: string
  description?: ReactNode
  aside?: ReactNode
  children?: ReactNode
}) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <div className={classes.sectionTitles}>
          <h2 className={classes.sectionTitle}>{props.title}</h2>
          {props.description ? <div className={classes.description}>{props.description}</div> : null}
        </div>
        {props.aside}
      </div>
      {props.children ? <div className={classes.sectionBody}>{props.children}</div> : null}
    </section>
  )
}
