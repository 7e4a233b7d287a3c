import { useTranslation } from 'react-i18next'
import type { GivenAccessPolicy } from '../../../../contract/domains/access-policy.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../policies/policies.module.css'

/** Warnings about surprising effects of an unsaved access policy. */
export function AccessNotes(props: { domains: readonly Domain[]; value: GivenAccessPolicy }) {
  const { t } = useTranslation('policies')
  const cautions = accessCautions(props.domains, props.value)
  if (cautions.length === 0) return null
  return (
    <div className={classes.notes}>
      {cautions.map((caution) => (
        <VerdictRow key={caution} verdict="caution" label={t(`access.caution.${caution}`)} />
      ))}
    </div>
  )
}

function accessCautions(
  domains: readonly Domain[],
  { allow, users }: GivenAccessPolicy,
): ('overHttp' | 'lockedOut' | 'nobody')[] {
  const isSafe = domains.every(({ https, redirect }) => https.state === 'on' && redirect.mode === 'https')
  const hasThisComputer = allow === null || allow.some((entry) => /^(127\.|::1)/.test(entry))
  return [
    ...(users !== null && !isSafe ? (['overHttp'] as const) : []),
    ...(hasThisComputer ? [] : (['lockedOut'] as const)),
    ...(users?.length === 0 ? (['nobody'] as const) : []),
  ]
}
