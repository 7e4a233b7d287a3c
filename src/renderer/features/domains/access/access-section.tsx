import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { AccessFields } from './access-fields.tsx'
import { AccessNotes } from './access-notes.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

export function AccessSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'access')
  const { value } = draft
  return (
    <Section title={t('access.title')} description={t('access.text')}>
      <AccessFields value={value} onChange={draft.change} />
      <AccessNotes domains={[domain]} value={value} />
      <DraftFooter draft={draft} call={draft.call} onSave={() => void draft.save()} save={t('access.save')} />
    </Section>
  )
}
