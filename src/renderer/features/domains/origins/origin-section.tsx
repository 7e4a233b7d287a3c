import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Origin } from '../../../../contract/domains/origins.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { testOrigin } from '../actions.ts'
import { domainPath } from '../paths.ts'
import { OriginFields, originProblems } from './server-fields.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { useDraft } from '../drafts/use-policy.ts'
import { LocalhostButton } from '../findings/dev-server-remedy.tsx'
import { OriginTestAnswer, useOriginTest } from './origin-test.tsx'

export function OriginSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const [, navigate] = useLocation()
  const saving = useCall()
  const test = useOriginTest()
  const draft = useDraft<Origin>(domain.name, 'origin', domain.origin)
  const origin = draft.value
  const broken = originProblems(origin).length > 0
  const change = (next: Origin) => {
    draft.change(next)
    test.forget()
  }
  const ask = async () => {
    // The palette runs this from any tab, so navigate to the one that shows the result.
    navigate(domainPath(domain.name, 'origins'))
    await test.run(domain.name, origin)
  }
  const save = async () => {
    const done = await saving.run((client) =>
      client.domains.setOrigin({ domain: domain.name, origin, read: draft.base }),
    )
    if (!done) return
    draft.saved(origin, done.domain.origin)
    notifyDone(t('origin.done'))
  }
  return (
    <Section title={t('origin.title')} description={t('origin.text')}>
      <OriginFields origin={origin} onChange={change} />
      {test.call.error ? <ErrorPanel error={test.call.error} /> : null}
      <DraftFooter
        draft={draft}
        call={saving}
        save={t('origin.save')}
        disabled={broken}
        onSave={() => void save()}
      >
        <OriginTestAnswer
          test={test}
          domain={domain.name}
          act={draft.changed ? null : <LocalhostButton domain={domain} />}
        />
        <ActionButton
          action={testOrigin}
          variant="default"
          busy={test.call.busy}
          disabled={broken}
          act={() => void ask()}
        />
      </DraftFooter>
    </Section>
  )
}
