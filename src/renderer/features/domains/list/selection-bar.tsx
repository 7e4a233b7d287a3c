import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { copyPolicies, setPolicies } from '../actions.ts'
import { CopyPoliciesDialog } from './copy-policies-dialog.tsx'
import classes from '../policies/policies.module.css'
import { SetPolicyDialog } from './set-policy-dialog.tsx'

export function SelectionBar(props: { domains: readonly Domain[]; onClear: () => void }) {
  const { t } = useTranslation('policies')
  const { domains, onClear } = props
  const [opened, setOpened] = useState<'set' | 'copy' | null>(null)
  const close = () => setOpened(null)
  const done = () => {
    close()
    onClear()
  }
  return (
    <div className={classes.selection} role="toolbar" aria-label={t('batch.toolbar')}>
      <span className={classes.selected} aria-live="polite">
        {t('batch.selected', { count: domains.length })}
      </span>
      <ActionButton action={setPolicies} variant="default" act={() => setOpened('set')} />
      <ActionButton action={copyPolicies} variant="default" act={() => setOpened('copy')} />
      <Button variant="subtle" onClick={onClear}>
        {t('batch.clear')}
      </Button>
      {opened === 'set' ? <SetPolicyDialog domains={domains} onClose={close} onDone={done} /> : null}
      {opened === 'copy' ? <CopyPoliciesDialog domains={domains} onClose={close} onDone={done} /> : null}
    </div>
  )
}
