import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeButton } from '../primitives/change-controls.tsx'
import { ErrorPanel, type Call } from '../feedback/feedback.tsx'
import type { Draft } from './draft.ts'
import classes from './forms.module.css'
import { IconUsers } from '@tabler/icons-react'
import { ChangeTable } from '../lists/changes.tsx'

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
        <span className="dim" role="status">
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

/** Conflicting changes that somebody else saved during the edit, with a choice. Empty without a conflict. */
export function Meanwhile(props: { draft: Pick<Draft<unknown>, 'meanwhile' | 'discard' | 'keep'> }) {
  const { t } = useTranslation('ui')
  const { meanwhile, discard, keep } = props.draft
  if (meanwhile.length === 0) return null
  return (
    <section className={classes.meanwhile} role="alert" aria-label={t('drafts.title')}>
      <h3 className={classes.title}>
        <IconUsers size={17} stroke={1.7} aria-hidden />
        {t('drafts.title')}
      </h3>
      <p className={classes.text}>{t('drafts.text')}</p>
      <ChangeTable changes={meanwhile} />
      <div className="at-end wrapping line gap-8 below-10">
        <Button variant="default" onClick={discard}>
          {t('drafts.theirs')}
        </Button>
        <ChangeButton variant="default" onClick={keep}>
          {t('drafts.mine')}
        </ChangeButton>
      </div>
    </section>
  )
}
