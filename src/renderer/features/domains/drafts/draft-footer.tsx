import { Button } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { ChangeTable } from '../../../ui/changes/change-table.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import type { Call } from '../../../ui/use-call.ts'
import classes from '../domain-page.module.css'
import type { Draft } from './use-draft.ts'
import own from './drafts.module.css'

/**
 * The end of a section: what was changed meanwhile by others, why it could not be saved, and the ways to
 * save the edits or to drop them.
 */
export function DraftFooter(props: {
  draft: Pick<Draft<unknown>, 'changed' | 'meanwhile' | 'discard' | 'keep'>
  call: Call
  save: string
  onSave: () => void
  disabled?: boolean
  children?: ReactNode
}) {
  const { t } = useTranslation('policies')
  const { call, draft } = props
  const isOutdated = draft.meanwhile.length > 0
  return (
    <>
      {isOutdated ? <Meanwhile {...draft} /> : null}
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.footer}>
        <div>{props.children}</div>
        <span className={classes.dim} role="status">
          {draft.changed ? t('unsaved') : null}
        </span>
        {draft.changed ? (
          <Button variant="subtle" onClick={draft.discard}>
            {t('discard')}
          </Button>
        ) : null}
        <ChangeButton
          disabled={!draft.changed || isOutdated || (props.disabled ?? false)}
          loading={call.busy}
          onClick={props.onSave}
        >
          {props.save}
        </ChangeButton>
      </div>
    </>
  )
}

/** What somebody else has saved while this was edited, field by field, and whose word counts. */
function Meanwhile({ meanwhile, discard, keep }: Pick<Draft<unknown>, 'meanwhile' | 'discard' | 'keep'>) {
  const { t } = useTranslation('policies')
  return (
    <section className={own.meanwhile} role="alert" aria-label={t('meanwhile.title')}>
      <h3 className={own.title}>
        <IconUsers size={17} stroke={1.7} aria-hidden />
        {t('meanwhile.title')}
      </h3>
      <p className={own.text}>{t('meanwhile.text')}</p>
      <ChangeTable changes={meanwhile} />
      <div className={own.choice}>
        <Button variant="default" onClick={discard}>
          {t('meanwhile.theirs')}
        </Button>
        <ChangeButton variant="default" onClick={keep}>
          {t('meanwhile.mine')}
        </ChangeButton>
      </div>
    </section>
  )
}
