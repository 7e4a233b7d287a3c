import { Button, SegmentedControl, Select } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { useCertificates, useClient } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { ErasedBySwap } from '../../../ui/certificate/erased-by-swap.tsx'
import { readinessSentence, readyToServe } from '../../../ui/staging/readiness.ts'
import { StagingPanel } from '../../../ui/staging/staging-panel.tsx'
import { createStagingSession, type StagingSession } from '../../../ui/staging/staging-session.ts'
import { DomainChoice } from './domain-choice.tsx'
import { PreviewView } from './preview.tsx'
import classes from './replace.module.css'
import { usePreview, useReplace } from './use-replace.ts'
import { countReplaced, initialForm, replacementOf, type ReplacementForm } from './wanted.ts'

/** Mounted while the dialog is open; unmounting discards unused uploads. */
export function ReplaceForm({ summary, onClose }: { summary: CertificateSummary; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const { t: tIntake } = useTranslation('intake')
  const session = useSession()
  const staging = useStore(session.store)
  const [form, setForm] = useState<ReplacementForm>(initialForm)
  const readiness = readyToServe(staging)
  const staged = { stagingId: staging.staged?.stagingId ?? null, ready: readiness.ready }
  // The new certificate inherits the old one's `kept` setting.
  const replacement = replacementOf(form, staged, summary.kept)
  const domains = summary.usedBy.filter((domain) => !form.without.includes(domain))
  const { allOrNothing } = form
  const request =
    replacement && domains.length > 0 ? { id: summary.id, with: replacement, domains, allOrNothing } : null
  const preview = usePreview(request)
  const { call, replace } = useReplace()
  const count = preview?.replaced ? countReplaced(preview.replaced) : 0
  const submit = async () => {
    if (!request) return
    const done = await replace(request, form.keepOld)
    if (!done) return
    session.release()
    notifyDone(t('replace.done', { count: countReplaced(done), name: done.new.name }))
    onClose()
  }
  return (
    <>
      <SegmentedControl<ReplacementForm['type']>
        aria-label={t('replace.with')}
        data={(['vault', 'upload'] as const).map((value) => ({ value, label: t(`replace.${value}`) }))}
        value={form.type}
        onChange={(type) => setForm({ ...form, type })}
      />
      {form.type === 'vault' ? (
        <VaultChoice summary={summary} form={form} onForm={setForm} />
      ) : (
        <StagingPanel session={session} />
      )}
      <DomainChoice domains={summary.usedBy} form={form} onForm={setForm} />
      <PreviewView preview={preview?.replaced ?? null} />
      <ErasedBySwap
        names={preview?.replaced?.erased.map(({ name }) => name) ?? []}
        keep={form.keepOld}
        onKeep={(keepOld) => setForm({ ...form, keepOld })}
      />
      {preview?.error ? <ErrorPanel error={preview.error} /> : null}
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.footer}>
        <div className={classes.reason} role="status" id="replace-reason">
          {reason()}
        </div>
        <Button variant="default" onClick={onClose}>
          {t('import.cancel')}
        </Button>
        <ChangeButton
          disabled={count === 0}
          loading={call.busy}
          aria-describedby="replace-reason"
          onClick={() => void submit()}
        >
          {t('replace.do', { count })}
        </ChangeButton>
      </div>
    </>
  )

  function reason(): string {
    if (domains.length === 0) return t('replace.noDomain')
    if (!replacement)
      return form.type === 'vault' ? t('replace.choose') : (readinessSentence(readiness, tIntake) ?? '')
    if (preview?.replaced && count === 0) return t('replace.nothing')
    return count > 0 ? t('replace.ready') : ''
  }
}

function VaultChoice(props: {
  summary: CertificateSummary
  form: ReplacementForm
  onForm: (form: ReplacementForm) => void
}) {
  const { t } = useTranslation('certificates')
  const others = useCertificates((state) => state.items).filter(({ id }) => id !== props.summary.id)
  return (
    <Select
      label={t('replace.choice')}
      description={others.length === 0 ? t('replace.noOther') : undefined}
      placeholder={t('replace.choicePlaceholder')}
      searchable
      data-autofocus
      disabled={others.length === 0}
      data={others.map((each) => ({ value: each.id, label: labelOf(each) }))}
      value={props.form.certificateId}
      onChange={(certificateId) => props.onForm({ ...props.form, certificateId })}
    />
  )
}

function labelOf({ name, dnsNames, ipNames }: CertificateSummary): string {
  const names = [...dnsNames, ...ipNames].map(readableName)
  if (names.length === 1 && names[0] === name) return name
  const more = names.length > 3 ? ` +${names.length - 3}` : ''
  return `${name} · ${names.slice(0, 3).join(', ')}${more}`
}

function useSession(): StagingSession {
  const client = useClient()
  const [session] = useState(() => createStagingSession(client.staging))
  useEffect(() => () => void session.discard(), [session])
  return session
}
