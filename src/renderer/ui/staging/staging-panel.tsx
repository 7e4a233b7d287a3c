import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { DropZone } from '../forms/drop-zone.tsx'
import { ErrorPanel, useSlow } from '../feedback/feedback.tsx'
import { PasteBox } from './paste-box.tsx'
import { StagedReport } from './staged-report.tsx'
import classes from './staging.module.css'
import type { StagingSession } from './staging-session.ts'

/**
 * Accepts certificate and key by drop, file dialog or paste, and shows the engine's report: pieces, fixes,
 * key match, the four verdicts and the impact of a swap.
 */
export function StagingPanel({ session }: { session: StagingSession }) {
  const { t } = useTranslation('intake')
  const staged = useStore(session.store, (state) => state.staged)
  const slow = useSlow(useStore(session.store, (state) => state.busy === 'reading'))
  const problem = useStore(session.store, (state) => state.problem)
  return (
    <div className={classes.panel}>
      <DropZone
        label={t('drop.label')}
        text={staged ? t('drop.more') : t('drop.text')}
        hint={t('drop.hint')}
        busy={slow}
        compact={staged !== null}
        onFiles={session.give}
      />
      <div className={classes.pasteBoxes}>
        <PasteBox
          label={t('paste.certificate')}
          placeholder="-----BEGIN CERTIFICATE-----"
          first
          pastedName={t('paste.certificateName')}
          onFiles={session.give}
        />
        <PasteBox
          label={t('paste.key')}
          placeholder="-----BEGIN PRIVATE KEY-----"
          pastedName={t('paste.keyName')}
          onFiles={session.give}
        />
      </div>
      <div className={classes.footnote}>
        <span>{t('paste.note')}</span>
        {staged ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconRefresh size={14} />}
            onClick={() => void session.discard()}
          >
            {t('startOver')}
          </Button>
        ) : null}
      </div>
      {problem ? <ErrorPanel error={problem} /> : null}
      {staged ? <StagedReport session={session} staged={staged} /> : null}
    </div>
  )
}
