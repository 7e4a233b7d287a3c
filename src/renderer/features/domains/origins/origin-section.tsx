import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Domain, Origin } from '../../../../contract/domains.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useCall } from '../../../ui/use-call.ts'
import { testOrigin } from '../actions.ts'
import classes from '../domain-page.module.css'
import { domainPath } from '../paths.ts'
import { OriginFields, originProblems } from './origin-fields.tsx'
import { OriginTestAnswer, useOriginTest } from './origin-test.tsx'
import { sameOrigin } from './origin-value.ts'

export function OriginSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const [, navigate] = useLocation()
  const saving = useCall()
  const test = useOriginTest()
  // Until something is changed here, the section shows what is in effect.
  const [draft, setDraft] = useState<Origin | null>(null)
  const origin = draft ?? domain.origin
  const broken = originProblems(origin).length > 0
  const change = (next: Origin) => {
    setDraft(next)
    test.forget()
  }
  const ask = async () => {
    // From another tab the palette leads here, where the answer is.
    navigate(domainPath(domain.name, 'origins'))
    await test.run(domain.name, origin)
  }
  const save = async () => {
    const done = await saving.run(() => client.domains.setOrigin({ domain: domain.name, origin }))
    if (!done) return
    setDraft(null)
    notifyDone(t('origin.done'))
  }
  const error = saving.error ?? test.call.error
  return (
    <Section title={t('origin.title')} description={t('origin.text')}>
      <OriginFields origin={origin} onChange={change} />
      {error ? <ErrorPanel error={error} /> : null}
      <div className={classes.footer}>
        <OriginTestAnswer test={test} />
        <ActionButton
          action={testOrigin}
          variant="default"
          busy={test.call.busy}
          disabled={broken}
          act={() => void ask()}
        />
        <ChangeButton
          disabled={broken || sameOrigin(origin, domain.origin)}
          loading={saving.busy}
          onClick={() => void save()}
        >
          {t('origin.save')}
        </ChangeButton>
      </div>
    </Section>
  )
}
