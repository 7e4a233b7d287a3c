import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NamesReport } from '../../../contract/names/names.ts'
import { portConflictMessage } from '../../../domain/port-conflict.ts'
import { useEngineStatus } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { leadSuffix } from './actions.ts'
import { NameRow } from './name-row.tsx'
import type { PlannedAct } from './plan-dialog.tsx'
import { SuffixDialog } from './suffix-dialog.tsx'
import { SuffixRow } from './suffix-row.tsx'
import classes from './trust.module.css'

interface Names {
  names: NamesReport | null
  ask: (act: PlannedAct) => void
}

/** Resolution of each domain, and the suffixes that point to this computer. */
export function NamesSection({ names, ask }: Names) {
  const { t } = useTranslation('trust')
  const conflicts = useEngineStatus((state) => state.value?.portConflicts)
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const open = () => {
    setTyped('')
    setAsked(true)
  }
  if (!names) return null
  return (
    <Section
      title={t('names.title')}
      description={t('names.description')}
      aside={<ActionButton action={leadSuffix} size="xs" variant="default" act={open} />}
    >
      {conflicts?.map((each) => (
        <p key={`${each.use} ${each.holder.uid}`} className={classes.warning} role="alert">
          {portConflictMessage(each)}
        </p>
      ))}
      {names.names.length === 0 ? <p>{t('names.none')}</p> : null}
      <ul className={classes.rows}>
        {names.suffixes.names.map((suffix) => (
          <SuffixRow key={suffix} suffix={suffix} suffixes={names.suffixes} ask={ask} />
        ))}
        {names.names.map((name) => (
          <NameRow key={name.host} name={name} ask={ask} />
        ))}
      </ul>
      {asked ? (
        <SuffixDialog
          typed={typed}
          onClose={() => setAsked(false)}
          onChosen={(suffix) => {
            setAsked(false)
            setTyped(suffix)
            ask({ action: 'install', suffixes: [suffix], back: () => setAsked(true) })
          }}
        />
      ) : null}
    </Section>
  )
}
