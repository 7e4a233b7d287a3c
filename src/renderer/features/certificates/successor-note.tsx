import { Button } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Successor } from '../../../domain/successors.ts'
import { DaysLeft } from '../../ui/certificate/validity-bar.tsx'
import { Note } from '../../ui/primitives/note.tsx'

/** A certificate of the vault that can take over from one that is ending. */
export function SuccessorNote({ successor, onReplace }: { successor: Successor; onReplace: () => void }) {
  const { t } = useTranslation('certificates')
  const { old, next } = successor
  return (
    <Note tone="accent" className="below-14">
      <IconArrowsExchange size={18} stroke={1.7} aria-hidden />
      <div className="grow wrap">
        <div>{t('successor.text', { next: next.name, old: old.name })}</div>
        <div className="dim text-xs">
          <DaysLeft {...old} /> · {t('detail.usedByMany', { count: old.usedBy.length })}
        </div>
      </div>
      <Button variant="default" size="xs" onClick={onReplace}>
        {t('replace.open')}
      </Button>
    </Note>
  )
}
