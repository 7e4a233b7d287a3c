import { ChangeButton } from '../../../ui/change-button.tsx'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Policies } from '../../../../contract/policies.ts'
import { ErrorPanel } from '../../../ui/states.tsx'
import classes from '../domain-page.module.css'
import type { PolicyDraft } from './use-policy.ts'

/** The end of a section: why it could not be saved, and the way to save it. */
export function PolicyFooter<S extends keyof Policies>(props: {
  draft: PolicyDraft<S>
  save: string
  disabled?: boolean
  children?: ReactNode
}) {
  const { t } = useTranslation('policies')
  const { call, changed, save } = props.draft
  return (
    <>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.footer}>
        <div>{props.children}</div>
        <span className={classes.dim} role="status">
          {changed ? t('unsaved') : null}
        </span>
        <ChangeButton disabled={!changed || props.disabled} loading={call.busy} onClick={() => void save()}>
          {props.save}
        </ChangeButton>
      </div>
    </>
  )
}
