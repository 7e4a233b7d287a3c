import { Checkbox, Radio, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import classes from '../certificate-drawer.module.css'
import { useState } from 'react'
import { useStore } from 'zustand'
import { CertificateChoice } from '../../../ui/certificate/certificate-choice.tsx'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'
import { ListRows } from '../../../ui/lists/visible-rows.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { replacementChoices } from './replacement-choices.ts'
import { useCertificates } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { ErasedBySwap } from '../../../ui/certificate/erased-by-swap.tsx'
import { problemsSentence } from '../../../ui/certificate/swap-problems.ts'
import { readinessSentence, readyToServe } from '../../../ui/staging/readiness.ts'
import { StagingPanel } from '../../../ui/staging/staging-panel.tsx'
import { StagingModal } from '../../../ui/staging/staging-modal.tsx'
import { useStagingSession } from '../../../ui/staging/use-staging-session.ts'
import {
  usePreview,
  useReplace,
  countReplaced,
  initialForm,
  replacementOf,
  type ReplacementForm,
} from './use-replace.ts'
import type { Replaced } from '../../../../contract/certificates/records.ts'
import { ImpactNote } from '../../../ui/staging/report-notes.tsx'
import { Shortened } from '../../../ui/lists/shortened.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { CancelButton } from '../../../ui/forms/dialog.tsx'

interface Replace {
  summary: CertificateSummary
  /** Id of the certificate that is chosen at first. */
  chosen?: string
  onClose: () => void
}

export function ReplaceDialog({ opened, ...props }: Replace & { opened: boolean }) {
  const { t } = useTranslation('certificates')
  return (
    <StagingModal
      opened={opened}
      onClose={props.onClose}
      title={t('replace.title', { name: props.summary.name })}
      size={820}
      closeOnClickOutside={false}
      classNames={{ body: classes.replaceBody }}
    >
      <ReplaceForm {...props} />
    </StagingModal>
  )
}

/** Mounted while the dialog is open; unmounting discards unused uploads. */
function ReplaceForm({ summary, chosen, onClose }: Replace) {
  const { t } = useTranslation('certificates')
  const { t: tIntake } = useTranslation('intake')
  const { t: tUi } = useTranslation('ui')
  const session = useStagingSession()
  const staging = useStore(session.store)
  const [form, setForm] = useState<ReplacementForm>({ ...initialForm, certificateId: chosen ?? null })
  const readiness = readyToServe(staging)
  const staged = { stagingId: staging.staged?.stagingId ?? null, ready: readiness.ready }
  // The new certificate inherits the old one's `kept` setting.
  const replacement = replacementOf(form, staged, summary.kept)
  const without = new Set(form.without)
  const domains = summary.usedBy.filter((domain) => !without.has(domain))
  const { allOrNothing } = form
  const request =
    replacement && domains.length > 0 ? { id: summary.id, with: replacement, domains, allOrNothing } : null
  const preview = usePreview(request)
  const { call, replace } = useReplace()
  const count = preview?.replaced ? countReplaced(preview.replaced) : 0
  const problems = count > 0 ? (preview?.replaced?.problems ?? []) : []
  const submit = async () => {
    if (!request) return
    const done = await replace(request, { keepOld: form.keepOld, acceptWorse: problems.length > 0 })
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
      <div className={classes.replaceFooter}>
        <div
          className={`${problems.length > 0 ? 'no' : 'dim'} text-xs pretty fill`}
          role="status"
          id="replace-reason"
        >
          {reason()}
        </div>
        <CancelButton onClick={onClose} />
        <ChangeButton
          color={problems.length > 0 ? 'red' : undefined}
          disabled={count === 0}
          loading={call.busy}
          aria-describedby="replace-reason"
          onClick={() => void submit()}
        >
          {problems.length > 0 ? tUi('worse.use') : t('replace.do', { count })}
        </ChangeButton>
      </div>
    </>
  )

  function reason(): string {
    if (domains.length === 0) return t('replace.noDomain')
    if (!replacement)
      return form.type === 'vault' ? t('replace.choose') : (readinessSentence(readiness, tIntake) ?? '')
    if (preview?.replaced && count === 0) return t('replace.nothing')
    return problemsSentence(problems, tUi) ?? (count > 0 ? t('replace.ready') : '')
  }
}

function VaultChoice(props: {
  summary: CertificateSummary
  form: ReplacementForm
  onForm: (form: ReplacementForm) => void
}) {
  const { t } = useTranslation('certificates')
  const { summary, form, onForm } = props
  const now = useNow()
  const certificates = useCertificates((state) => state.items)
  const choices = replacementChoices(summary, certificates, now)
  if (choices.length === 0) return <p className="dim flush">{t('replace.noOther')}</p>
  return (
    <Radio.Group
      label={t('replace.choice')}
      value={form.certificateId}
      onChange={(certificateId) => onForm({ ...form, certificateId })}
    >
      <div className={`scroll ${classes.choices}`} data-scrolls>
        <ul className="plain-list">
          <ListRows items={choices} keyOf={({ certificate }) => certificate.id} height={90}>
            {({ certificate, uncovered }, row) => (
              <li {...row} className={classes.choice}>
                <CertificateChoice
                  certificate={certificate}
                  warning={
                    uncovered.length > 0
                      ? t('replace.notCovering', { domains: namesInShort(uncovered) })
                      : null
                  }
                />
              </li>
            )}
          </ListRows>
        </ul>
      </div>
    </Radio.Group>
  )
}

function DomainChoice(props: {
  domains: readonly string[]
  form: ReplacementForm
  onForm: (form: ReplacementForm) => void
}) {
  const { t } = useTranslation('certificates')
  const { domains, form, onForm } = props
  const without = new Set(form.without)
  const set = (domain: string, chosen: boolean) =>
    onForm({
      ...form,
      without: chosen ? form.without.filter((one) => one !== domain) : [...form.without, domain],
    })
  return (
    <section aria-label={t('replace.domains')}>
      <h3 className="heading">{t('replace.domains')}</h3>
      <div className={`scroll ${classes.domains}`} data-scrolls>
        <ul className="plain-list">
          <ListRows items={domains} keyOf={(domain) => domain} height={26}>
            {(domain, row) => (
              <li {...row} className={classes.domain}>
                <Checkbox
                  size="xs"
                  label={domain}
                  checked={!without.has(domain)}
                  onChange={(event) => set(domain, event.currentTarget.checked)}
                />
              </li>
            )}
          </ListRows>
        </ul>
      </div>
      {domains.length > 1 ? (
        <Checkbox
          mt={10}
          label={t('many.allOrNothing')}
          description={t('replace.allOrNothingText')}
          checked={form.allOrNothing}
          onChange={(event) => onForm({ ...form, allOrNothing: event.currentTarget.checked })}
        />
      ) : null}
    </section>
  )
}

const verdicts = {
  replaced: 'yes',
  'not-covered': 'no',
  'not-using': 'unknown',
  left: 'unknown',
} as const satisfies Record<Replaced['domains'][number]['outcome'], Verdict>

function PreviewView({ preview }: { preview: Replaced | null }) {
  const { t } = useTranslation('certificates')
  if (!preview) return null
  return (
    <section aria-label={t('replace.preview')} aria-live="polite">
      <h3 className="heading">{t('replace.preview')}</h3>
      <ImpactNote impact={preview.impact} />
      <ul className="plain-list">
        <Shortened items={preview.domains}>
          {({ domain, outcome }) => (
            <li key={domain}>
              <VerdictRow
                verdict={verdicts[outcome]}
                label={domain}
                reason={t(`replace.outcome.${outcome}`, { name: preview.new.name })}
              />
            </li>
          )}
        </Shortened>
      </ul>
    </section>
  )
}
