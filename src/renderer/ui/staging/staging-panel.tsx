import { Button, Textarea } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { DropZone } from '../forms/drop-zone.tsx'
import { ErrorPanel, useSlow } from '../feedback/feedback.tsx'
import { StagedReport } from './staged-report.tsx'
import classes from './staging.module.css'
import { useAskBeforeDiscard } from './staging-modal.tsx'
import type { StagingSession } from './staging-session.ts'
import { useEffect, useRef, type ChangeEvent, type ClipboardEvent, type DragEvent } from 'react'
import { fileOfText, filesOrText, isPem } from '../forms/transferred-files.ts'

/**
 * Accepts certificate and key by drop, file dialog or paste, and shows the engine's report: pieces, fixes,
 * key match, the four verdicts and the impact of a swap.
 */
export function StagingPanel({ session }: { session: StagingSession }) {
  const { t } = useTranslation('intake')
  const staged = useStore(session.store, (state) => state.staged)
  const slow = useSlow(useStore(session.store, (state) => state.busy === 'reading'))
  const problem = useStore(session.store, (state) => state.problem)
  useAskBeforeDiscard(staged !== null)
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

/**
 * Box to paste PEM into. It intercepts the paste before it enters the document and passes it on as a file
 * named `pastedName`.
 */
export function PasteBox(props: {
  label: string
  placeholder: string
  pastedName: string
  rows?: number
  /** Takes the initial focus of a dialog. */
  first?: boolean
  onFiles: (files: File[]) => void
}) {
  const { pastedName, onFiles } = props
  const box = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const element = box.current
    // React's onBeforeInput is a polyfill that fires after the input; only the native event can be cancelled.
    const refuse = (event: InputEvent) => {
      event.preventDefault()
      if (isPem(event.data)) onFiles([fileOfText(event.data, pastedName)])
    }
    element?.addEventListener('beforeinput', refuse)
    return () => element?.removeEventListener('beforeinput', refuse)
  }, [pastedName, onFiles])

  const take = (event: ClipboardEvent | DragEvent, transfer: DataTransfer) => {
    event.preventDefault()
    void filesOrText(transfer, pastedName).then((files) => files.length > 0 && onFiles(files))
  }

  return (
    <Textarea
      ref={box}
      label={props.label}
      placeholder={props.placeholder}
      rows={props.rows ?? 1}
      value=""
      onChange={empty}
      onPaste={(event) => take(event, event.clipboardData)}
      onDrop={(event) => take(event, event.dataTransfer)}
      data-autofocus={props.first || undefined}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { resize: 'none', fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}

/** Clears input that got past the cancelled event. */
function empty(event: ChangeEvent<HTMLTextAreaElement>): void {
  event.currentTarget.value = ''
}
