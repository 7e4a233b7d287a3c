import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { BodyFields } from './body-fields.tsx'
import { PolicyFooter } from '../policies/policy-footer.tsx'
import { usePolicy } from '../policies/use-policy.ts'

export function BodySection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'body')
  return (
    <Section title={t('body.title')} description={t('body.text')}>
      <BodyFields value={draft.value} onChange={draft.change} />
      <PolicyFooter draft={draft} save={t('body.save')} />
    </Section>
  )
}
