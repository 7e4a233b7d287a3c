import { Checkbox } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Note } from '../primitives/note.tsx'

/** Names the certificates that a swap deletes together with their keys, and offers to keep them. */
export function ErasedBySwap(props: {
  /** Certificate names; renders nothing if empty. */
  names: readonly string[]
  keep: boolean
  onKeep: (keep: boolean) => void
}) {
  const { t } = useTranslation('ui')
  const { names, keep } = props
  if (names.length === 0) return null
  const parameters = { count: names.length, names: names.map((name) => `“${name}”`).join(', ') }
  return (
    <Note role="region" className="below-16" {...(keep ? {} : { tone: 'no' })} aria-label={t('swap.title')}>
      <IconTrash size={19} stroke={1.6} aria-hidden />
      <div>
        <p className="flush pretty above-8">{t(keep ? 'swap.kept' : 'swap.erases', parameters)}</p>
        <Checkbox
          label={t('swap.keep')}
          checked={keep}
          onChange={(event) => props.onKeep(event.currentTarget.checked)}
        />
      </div>
    </Note>
  )
}
