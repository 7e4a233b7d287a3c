import { useLayoutEffect, useRef, type ReactNode } from 'react'
import classes from './page-layout.module.css'

/** A page: its title and actions, which stay in view, over content that scrolls. */
export function PageLayout(props: {
  title: ReactNode
  /** A line under the title. */
  description?: ReactNode
  /** Above the title: the way back. */
  back?: ReactNode
  actions?: ReactNode
  /** Under the title: where the page's parts are. It stays in view. */
  index?: ReactNode
  /** Which part is shown: another one is read from its beginning. */
  place?: string
  children: ReactNode
  /** `full` takes the whole width (tables, panes); `reading` keeps lines comfortable, `columns` two of them. */
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
        data-width={props.width ?? 'full'}
        data-indexed={props.index ? true : undefined}
      >
        {props.children}
      </div>
    </div>
  )
}

/** A card of a page with a heading of its own. */
export function Section(props: {
  title: string
  description?: ReactNode
  aside?: ReactNode
  children?: ReactNode
  tone?: 'plain' | 'danger'
}) {
  return (
    <section className={classes.section} data-tone={props.tone ?? 'plain'} aria-label={props.title}>
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
