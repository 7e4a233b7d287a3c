import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { headerRuleFault } from '../../../../contract/domains/header-rules.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { HeaderFields } from './header-fields.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

export function HeadersSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'headers')
  const { rules } = draft.value
  return (
    <Section title={t('headers.title')} description={t('headers.text')}>
      <HeaderFields rules={rules} onChange={(changed) => draft.change({ rules: changed })} />
      <DraftFooter
        draft={draft}
        call={draft.call}
        onSave={() => void draft.save()}
        save={t('headers.save')}
        disabled={rules.some((rule) => headerRuleFault(rule) !== null)}
      />
    </Section>
  )
}
