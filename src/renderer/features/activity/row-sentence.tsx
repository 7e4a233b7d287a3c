import type { TFunction } from 'i18next'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import classes from './activity.module.css'
import { entryOf, type Entry, type Names } from './entry.ts'

/** Sentence of a row; its subject links to the current page, if it still exists. */
export function RowSentence({ entry, gone }: { entry: Entry; gone: boolean }) {
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

export function sentenceText(t: TFunction<'activity'>, { sentence, subject, other }: Entry): string {
  return t(`said.${sentence}`, { subject, other }).replaceAll(/<\/?subject>/g, '')
}

/** Searchable text of a row: sentence, actor, action and all changed values. */
export function searchText(t: TFunction<'activity'>, row: AuditRow, names: Names): string {
  const values = `${JSON.stringify(row.before)} ${JSON.stringify(row.after)}`
  return `${sentenceText(t, entryOf(row, names))} ${row.actor} ${row.action} ${values}`.toLowerCase()
}
