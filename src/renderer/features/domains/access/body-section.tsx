import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { BodyFields } from './body-fields.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

export function BodySection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'body')
  return (
    <Section title={t('body.title')} description={t('body.text')}>
      <BodyFields value={draft.value} onChange={draft.change} />
      <DraftFooter draft={draft} call={draft.call} onSave={() => void draft.save()} save={t('body.save')} />
    </Section>
  )
}
