import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { hstsFault, hstsNotes } from '../../../../contract/domains/hsts.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from '../domain-page.module.css'
import { HstsFields } from './hsts-fields.tsx'
import { HstsNotes } from './hsts-notes.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

export function HstsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'hsts')
  const { value, change, call, save } = draft
  const inEffect = domain.policies.hsts
  const isForgetting = inEffect.days === 0
  const undo = () => void save({ ...inEffect, days: 0, preload: false })
  return (
    <Section title={t('hsts.title')} description={t('hsts.text')}>
      {isForgetting && value.days === 0 ? <p className={classes.note}>{t('hsts.forgetting')}</p> : null}
      <HstsFields value={value} onChange={change} />
      <HstsNotes notes={hstsNotes(domain.name, value, domain.redirect.mode)} />
      <DraftFooter
        draft={draft}
        call={draft.call}
        onSave={() => void draft.save()}
        save={t('hsts.save')}
        disabled={hstsFault(value) !== null}
      >
        {inEffect.days !== null && inEffect.days > 0 ? (
          <ChangeButton variant="default" loading={call.busy} onClick={undo}>
            {t('hsts.undo')}
          </ChangeButton>
        ) : null}
        {isForgetting ? (
          <ChangeButton
            variant="default"
            loading={call.busy}
            onClick={() => void save({ days: null, includeSubDomains: false, preload: false })}
          >
            {t('hsts.stopForgetting')}
          </ChangeButton>
        ) : null}
      </DraftFooter>
    </Section>
  )
}
