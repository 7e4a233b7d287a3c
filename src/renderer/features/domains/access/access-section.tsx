import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { AccessFields } from './access-fields.tsx'
import { AccessNotes } from './access-notes.tsx'
import { PolicyFooter } from '../policies/policy-footer.tsx'
import { usePolicy } from '../policies/use-policy.ts'

export function AccessSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'access')
  const { value } = draft
  return (
    <Section title={t('access.title')} description={t('access.text')}>
      <AccessFields value={value} onChange={draft.change} />
      <AccessNotes domains={[domain]} value={value} />
      <PolicyFooter draft={draft} save={t('access.save')} />
    </Section>
  )
}
