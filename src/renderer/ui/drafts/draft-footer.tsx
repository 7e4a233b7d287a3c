import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeButton } from '../change-button.tsx'
import { ErrorPanel } from '../states.tsx'
import type { Call } from '../use-call.ts'
import type { Draft } from './draft.ts'
import classes from './drafts.module.css'
import { Meanwhile } from './meanwhile.tsx'

/**
 * Footer of a section: changes by others in the meantime, the error of a failed save, and the save and
 * discard buttons.
 */
export function DraftFooter(props: {
  draft: Pick<Draft<unknown>, 'changed' | 'meanwhile' | 'discard' | 'keep'>
  call: Call
  save: string
  /** Omitted in a form, which saves on submit. */
  onSave?: () => void
  disabled?: boolean
  children?: ReactNode
}) {
  const { t } = useTranslation('ui')
  const { call, draft } = props
  const isOutdated = draft.meanwhile.length > 0
  return (
    <>
      <Meanwhile draft={draft} />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.footer}>
        <div>{props.children}</div>
        <span className={classes.dim} role="status">
          {draft.changed ? t('drafts.unsaved') : null}
        </span>
        {draft.changed ? (
          <Button variant="subtle" onClick={draft.discard}>
            {t('drafts.discard')}
          </Button>
        ) : null}
        <ChangeButton
          disabled={!draft.changed || isOutdated || (props.disabled ?? false)}
          loading={call.busy}
          type={props.onSave ? 'button' : 'submit'}
          onClick={props.onSave}
        >
          {props.save}
        </ChangeButton>
      </div>
    </>
  )
}
