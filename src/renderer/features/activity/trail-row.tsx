import { ActionIcon } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { memo, useId, useState } from 'react'
import { useTranslation, Trans } from 'react-i18next'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { ListRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import { VerdictIcon } from '../../ui/feedback/verdict.tsx'
import { ActionSign } from './action-sign.tsx'
import classes from './activity.module.css'
import { aboutSeveral, ChangeTable, changesOf } from '../../ui/lists/changes.tsx'
import { domainPath, entryOf, type Names, type Entry } from './entry.ts'
import type { TFunction } from 'i18next'
import { Link } from 'wouter'

interface RowProps {
  row: AuditRow
  names: Names
  /** The subject no longer exists. */
  gone: boolean
  /** Verification found the hash chain broken at this row. */
  broken: boolean
  /** Heading above the first row of a day. */
  day: string | null
  isLast: boolean
  attributes: RowAttributes
}

/** One row of the trail: sentence, actor and time, with the changed values in a collapsible part. */
export const TrailRow = memo(function TrailRow(props: RowProps) {
  const { row, names, gone, broken, day, isLast, attributes } = props
  const { t } = useTranslation('activity')
  const [open, setOpen] = useState(false)
  const details = useId()
  const entry = entryOf(row, names)
  return (
    <li {...attributes} className={classes.item} data-first={day !== null} data-last={isLast}>
      {day === null ? null : <h2 className={classes.day}>{day}</h2>}
      <div className={classes.row} data-broken={broken}>
        <div className={classes.line}>
          <ActionSign action={row.action} />
          <div className={classes.sentence}>
            <RowSentence entry={entry} gone={gone} />
            {broken ? (
              <span className="no row gap-6 semibold">
                <VerdictIcon verdict="no" size={16} /> {t('check.row')}
              </span>
            ) : null}
          </div>
          <span className="dim one-line">
            <Actor actor={row.actor} />
          </span>
          <span className={classes.when}>
            <RelativeTime at={row.at} />
          </span>
          <ActionIcon
            aria-label={t('row.details', { sentence: sentenceText(t, entry) })}
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            onClick={() => setOpen(!open)}
          >
            <IconChevronDown size={16} className={classes.chevron} data-open={open} />
          </ActionIcon>
        </div>
        {open ? (
          <div id={details} className={classes.details}>
            <ChangeTable changes={changesOf(row)} />
            <Domains names={aboutSeveral(row) ?? []} />
            <p className={classes.number}>
              {t('row.number', { sequence: row.sequence })} · <code>{row.action}</code>
            </p>
          </div>
        ) : null}
      </div>
    </li>
  )
})

function Domains({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <div className={`scroll ${classes.domains}`} data-scrolls>
      <ul className="plain-list">
        <ListRows items={names} keyOf={(name) => name} height={22}>
          {(name, row) => (
            <li {...row}>
              <Link href={domainPath(name)} className={classes.subject}>
                {readableName(name)}
              </Link>
            </li>
          )}
        </ListRows>
      </ul>
    </div>
  )
}

function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation('activity')
  if (actor === 'window' || actor === 'command line' || actor === 'agent' || actor === 'engine')
    return t(`actor.${actor}`)
  return actor
}

/** Sentence of a row; its subject links to the current page, if it still exists. */
function RowSentence({ entry, gone }: { entry: Entry; gone: boolean }) {
  const { t } = useTranslation('activity')
  const { sentence, subject, other, href } = entry
  const component = href && !gone ? <Link href={href} className={classes.subject} /> : <strong />
  return (
    <Trans
      t={t}
      i18nKey={`said.${sentence}`}
      values={{ subject, other }}
      components={{ subject: component }}
      shouldUnescape={false}
    />
  )
}

function sentenceText(t: TFunction<'activity'>, { sentence, subject, other }: Entry): string {
  return t(`said.${sentence}`, { subject, other }).replaceAll(/<\/?subject>/g, '')
}

export function searchText(t: TFunction<'activity'>, row: AuditRow, names: Names): string {
  const values = `${JSON.stringify(row.before)} ${JSON.stringify(row.after)}`
  return `${sentenceText(t, entryOf(row, names))} ${row.actor} ${row.action} ${values}`.toLowerCase()
}
