import { Anchor } from '@mantine/core'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './certificate.module.css'

/** SANs of a certificate; those after the first `limit` are collapsed. */
export function NamesList({ names, limit = 12 }: { names: readonly string[]; limit?: number }) {
  const { t } = useTranslation('facts')
  const [all, setAll] = useState(false)
  if (names.length === 0) return <span className={classes.dim}>{t('names.none')}</span>
  const shown = all ? names : names.slice(0, limit)
  return (
    <div className={classes.names}>
      {shown.map((name) => (
        <code key={name} className={classes.name}>
          {readableName(name)}
          {readableName(name) === name ? null : <span className={classes.ascii}>{name}</span>}
        </code>
      ))}
      {names.length > limit ? (
        <Anchor component="button" type="button" size="xs" onClick={() => setAll(!all)}>
          {all ? t('names.fewer') : t('names.all', { count: names.length })}
        </Anchor>
      ) : null}
    </div>
  )
}
