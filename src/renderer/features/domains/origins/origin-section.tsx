import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Domain, Origin } from '../../../../contract/domains.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useCall } from '../../../ui/use-call.ts'
import { VerdictRow } from '../../../ui/verdict-row.tsx'
import { testOrigin } from '../actions.ts'
import classes from '../domain-page.module.css'
import { domainPath } from '../paths.ts'
import { OriginFields, originProblems } from './origin-fields.tsx'
import { DraftFooter } from '../drafts/draft-footer.tsx'
import { useDraft } from '../drafts/use-draft.ts'

interface OriginTest {
  ok: boolean
  seen: string
  tookMs: number
}

export function OriginSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const [, navigate] = useLocation()
  const saving = useCall()
  const testing = useCall()
  const draft = useDraft<Origin>(domain.name, 'origin', domain.origin)
  const origin = draft.value
  const [seen, setSeen] = useState<OriginTest | null>(null)
  const broken = originProblems(origin).length > 0
  const change = (next: Origin) => {
    draft.change(next)
    setSeen(null)
  }
  const test = async () => {
    // From another tab the palette leads here, where the answer is.
    navigate(domainPath(domain.name, 'origins'))
    const answer = await testing.run(() => client.domains.testOrigin({ domain: domain.name, origin }))
    setSeen(answer ?? null)
  }
  const save = async () => {
    const done = await saving.run(() =>
      client.domains.setOrigin({ domain: domain.name, origin, read: draft.base }),
    )
    if (!done) return
    draft.discard()
    notifyDone(t('origin.done'))
  }
  return (
    <Section title={t('origin.title')} description={t('origin.text')}>
      <OriginFields origin={origin} onChange={change} />
      {testing.error ? <ErrorPanel error={testing.error} /> : null}
      <DraftFooter
        draft={draft}
        call={saving}
        save={t('origin.save')}
        disabled={broken}
        onSave={() => void save()}
      >
        <TestAnswer busy={testing.busy} seen={seen} />
        <ActionButton
          action={testOrigin}
          variant="default"
          busy={testing.busy}
          disabled={broken}
          act={() => void test()}
        />
      </DraftFooter>
    </Section>
  )
}

function TestAnswer({ busy, seen }: { busy: boolean; seen: OriginTest | null }) {
  const { t } = useTranslation('domains')
  return (
    <div role="status" aria-live="polite">
      {busy ? <span className={classes.dim}>{t('origin.testing')}</span> : null}
      {seen && !busy ? (
        <VerdictRow
          verdict={seen.ok ? 'yes' : 'no'}
          label={
            <>
              {t(seen.ok ? 'origin.answers' : 'origin.answersNot')}{' '}
              <span className={classes.dim}>{t('origin.took', { ms: Math.round(seen.tookMs) })}</span>
            </>
          }
          reason={seen.seen}
        />
      ) : null}
    </div>
  )
}
