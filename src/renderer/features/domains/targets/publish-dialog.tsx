import { Button, Checkbox, MultiSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import {
  kindsWithoutKeys,
  publishedStates,
  type ServerReport,
  type Target,
} from '../../../../contract/targets/targets.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { useDomains } from '../../../connection/engine-context.tsx'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { CancelButton, DialogFoot } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { readinessSentence, readyToServe } from '../../../ui/staging/readiness.ts'
import { StagingModal } from '../../../ui/staging/staging-modal.tsx'
import { StagingPanel } from '../../../ui/staging/staging-panel.tsx'
import { useStagingSession } from '../../../ui/staging/use-staging-session.ts'
import { Diff, ServerReportRow } from './server-report.tsx'
import { CancelPublication, type Progress, ServerProgress } from './server-progress.tsx'
import { publish } from './use-targets.ts'

const mostShownDomains = 200

/** A publication is cancelled by its own button. */
const keepOpen = () => undefined

/** Domains for a target, the plan for each server, the publication, and its result for each server. */
export function PublishDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation(['targets', 'ui'])
  const { t: tIntake } = useTranslation('intake')
  const session = useStagingSession()
  const staging = useStore(session.store)
  const [isUpload, setUpload] = useState(false)
  const readiness = readyToServe(staging)
  const call = useCall()
  const [chosen, setChosen] = useState(target.domains)
  const [plan, setPlan] = useState<ServerReport[] | null>(null)
  const [results, setResults] = useState<ServerReport[] | null>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const make = async (dryRun: boolean) => {
    setProgress(new Map())
    const reports = await call.run((client) =>
      publish(client, target, { chosen, staged: isUpload ? staging.staged : null, dryRun }, (event) =>
        setProgress((now) => new Map([...(now ?? []), [event.server, event]])),
      ),
    )
    setProgress(null)
    return reports ?? null
  }
  const isPublishing = progress !== null && plan !== null
  const choose = (domains: string[]) => {
    call.clear()
    setPlan(null)
    setChosen(domains)
  }
  const chooseUpload = (checked: boolean) => {
    choose(chosen)
    setUpload(checked)
  }
  const showPlan = async () => setPlan(await make(true))
  const apply = async () => setResults(await make(false))
  return (
    <StagingModal
      opened
      onClose={isPublishing ? keepOpen : onClose}
      withCloseButton={!isPublishing}
      title={t('publish.title', { target: target.name })}
      size="xl"
      centered
    >
      <Stack gap="md">
        {results ? null : (
          <DomainChoice target={target} chosen={chosen} disabled={call.busy} onChange={choose} />
        )}
        {results || kindsWithoutKeys.has(target.kind) ? null : (
          <Checkbox
            label={t('publish.upload')}
            description={t('publish.uploadText')}
            checked={isUpload}
            disabled={call.busy}
            onChange={({ currentTarget }) => chooseUpload(currentTarget.checked)}
          />
        )}
        {isUpload && plan === null ? <StagingPanel session={session} /> : null}
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {progress ? <ServerProgress target={target} progress={progress} /> : null}
        {results ? <Results results={results} /> : plan && !progress ? <Plan plan={plan} /> : null}
        {results ? (
          <DialogFoot>
            <Button variant="default" onClick={onClose}>
              {t('ui:close')}
            </Button>
          </DialogFoot>
        ) : (
          <DialogFoot reason={footText()}>
            {isPublishing ? <CancelPublication target={target} /> : <CancelButton onClick={onClose} />}
            {plan ? (
              <ChangeButton
                key="publish"
                loading={call.busy}
                disabled={!isPublishable(plan)}
                onClick={() => void apply()}
              >
                {t('publish.do')}
              </ChangeButton>
            ) : (
              <ChangeButton
                key="plan"
                loading={call.busy}
                disabled={isNothing(target, chosen) || (isUpload && !readiness.ready)}
                onClick={() => void showPlan()}
              >
                {t('publish.plan')}
              </ChangeButton>
            )}
          </DialogFoot>
        )}
      </Stack>
    </StagingModal>
  )

  function footText(): string | null {
    if (progress) return null
    if (plan && !isPublishable(plan)) return t('publish.planFailed')
    if (isNothing(target, chosen)) return t('publish.nothing')
    return isUpload && plan === null ? readinessSentence(readiness, tIntake) : null
  }
}

function isNothing({ domains }: Target, chosen: readonly string[]): boolean {
  return domains.length + chosen.length === 0
}

/** A plan that a server refuses would be rolled back; servers that are away are caught up later. */
function isPublishable(plan: readonly ServerReport[]): boolean {
  return (
    plan.some(({ state }) => state === 'planned') &&
    plan.every(({ state }) => state === 'planned' || state === 'away')
  )
}

function DomainChoice(props: {
  target: Target
  chosen: string[]
  disabled: boolean
  onChange: (domains: string[]) => void
}) {
  const { t } = useTranslation('targets')
  const { target, chosen, disabled, onChange } = props
  const known = useDomains((state) => state.items)
  // A domain that was removed here can still be withdrawn.
  const names = [...new Set([...target.domains, ...known.map(({ name }) => name)])]
  return (
    <MultiSelect
      label={t('publish.domains')}
      description={t('publish.domainsText')}
      data={names.toSorted().map((value) => ({ value, label: readableName(value) }))}
      limit={mostShownDomains}
      searchable
      hidePickedOptions
      disabled={disabled}
      value={chosen}
      onChange={onChange}
      data-autofocus
    />
  )
}

/** Focuses a new part of the dialog: a second Enter must not publish a plan that was not read. */
function focusOn(section: HTMLElement | null): void {
  section?.focus()
}

function Plan({ plan }: { plan: readonly ServerReport[] }) {
  const { t } = useTranslation('targets')
  return (
    <section aria-label={t('publish.planned')} tabIndex={-1} ref={focusOn}>
      <h3 className="heading">{t('publish.planned')}</h3>
      <p className="dim flush">{t('publish.planText')}</p>
      <Reports reports={plan} diff />
    </section>
  )
}

function Results({ results }: { results: readonly ServerReport[] }) {
  const { t } = useTranslation('targets')
  const isDone = results.every(({ state }) => publishedStates.has(state))
  const isWritten = results.some(({ state }) => state === 'written')
  const done = isWritten ? t('publish.written') : t('publish.done')
  return (
    <section aria-label={t('publish.results')} tabIndex={-1} ref={focusOn}>
      <h3 className="heading">{t('publish.results')}</h3>
      <p className={isDone ? 'flush' : 'no flush'}>{isDone ? done : t('publish.doneInPart')}</p>
      <Reports reports={results} diff={false} />
    </section>
  )
}

function Reports({ reports, diff }: { reports: readonly ServerReport[]; diff: boolean }) {
  return (
    <ul className="plain-list">
      {reports.map((report) => (
        <li key={report.server}>
          <ServerReportRow report={report}>{diff ? <Diff report={report} /> : null}</ServerReportRow>
        </li>
      ))}
    </ul>
  )
}
