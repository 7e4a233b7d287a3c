import { useTranslation } from 'react-i18next'
import type { GivenAccessPolicy } from '../../../../contract/access-policy.ts'
import type { Domain } from '../../../../contract/domains.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { VerdictRow } from '../../../ui/verdict-row.tsx'
import { AccessFields } from './access-fields.tsx'
import { PolicyFooter } from './policy-footer.tsx'
import { usePolicy } from './use-policy.ts'

export function AccessSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'access')
  const { value } = draft
  return (
    <Section title={t('access.title')} description={t('access.text')}>
      <AccessFields value={value} onChange={draft.change} />
      {accessCautions(domain, value).map((caution) => (
        <VerdictRow key={caution} verdict="caution" label={t(`access.caution.${caution}`)} />
      ))}
      <PolicyFooter draft={draft} save={t('access.save')} />
    </Section>
  )
}

/** What a person would be surprised by. */
function accessCautions(
  { https, redirect }: Pick<Domain, 'https' | 'redirect'>,
  { allow, users }: GivenAccessPolicy,
): ('overHttp' | 'lockedOut' | 'nobody')[] {
  const isSafe = https.state === 'on' && redirect.mode === 'https'
  const hasThisComputer = allow === null || allow.some((entry) => /^(127\.|::1)/.test(entry))
  return [
    ...(users !== null && !isSafe ? (['overHttp'] as const) : []),
    ...(hasThisComputer ? [] : (['lockedOut'] as const)),
    ...(users?.length === 0 ? (['nobody'] as const) : []),
  ]
}
