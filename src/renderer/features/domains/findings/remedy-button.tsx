import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import type { HeaderRule } from '../../../../contract/header-rules.ts'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useSavePolicies } from '../origins/use-save-policies.ts'
import classes from '../policies/policies.module.css'

/** Has the edge add the header that a finding asks for; says so where it does already. */
export function RemedyButton({ domain, rule }: { domain: Domain; rule: HeaderRule }) {
  const { t } = useTranslation('policies')
  // What is edited under Headers and not saved stays as it is there.
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
