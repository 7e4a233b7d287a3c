import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { HeaderRule } from '../../../../contract/domains/header-rules.ts'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { useSavePolicies } from '../origins/use-save-policies.ts'
import classes from '../policies/policies.module.css'

/** Adds the header rule that remedies a finding, or shows that it is already set. */
export function RemedyButton({ domain, rule }: { domain: Domain; rule: HeaderRule }) {
  const { t } = useTranslation('policies')
  // Saves on top of the stored rules; unsaved edits under Headers stay unsaved.
  const { save, busy, error } = useSavePolicies(domain, t('done'))
  const value = domain.policies.headers
  const isDone = value.rules.some(
    ({ on, action, name, value: given }) =>
      on === rule.on &&
      action !== 'drop' &&
      name.toLowerCase() === rule.name.toLowerCase() &&
      given === rule.value,
  )
  if (isDone) return <p className={classes.advice}>{t('findings.remedied', { name: rule.name })}</p>
  return (
    <div className={classes.remedy}>
      <ChangeButton
        variant="default"
        size="compact-sm"
        loading={busy}
        onClick={() => void save({ headers: { rules: [...value.rules, rule] } })}
      >
        {t('findings.remedy', { name: rule.name })}
      </ChangeButton>
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  )
}
