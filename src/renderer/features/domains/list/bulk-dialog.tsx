import { Button, Modal, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useCertificates, useClient } from '../../../connection/engine-context.tsx'
import { LoadingRows, useTaskBarProgress } from '../../../ui/feedback/feedback.tsx'
import { VerdictIcon, VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { CancelButton } from '../../../ui/forms/dialog.tsx'
import { ListRows, type RowAttributes } from '../../../ui/lists/visible-rows.tsx'
import { ChangeButton, EngineButton } from '../../../ui/primitives/change-controls.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import classes from '../domain-list.module.css'
import { planBulk, type BulkAct, type BulkStep } from '../../../../domain/bulk-plan.ts'
import { carryOut } from './bulk-acts.ts'
import { createBulkRun, effectiveFirst, type BulkResult, type BulkRun } from './bulk-run.ts'

interface BulkProps {
  act: BulkAct
  domains: readonly Domain[]
  onClose: () => void
}

/** Waits for the whole list of certificates where the plan chooses among them. */
export function BulkDialog(props: BulkProps) {
  const { act, domains, onClose } = props
  const { t } = useTranslation('domains')
  const isLive = useCertificates(({ status }) => status === 'live')
  const [isReady, setIsReady] = useState(act !== 'httpsOn' || isLive)
  // A plan that was made stays, whatever becomes of the list.
  if (isLive && !isReady) setIsReady(true)
  if (isReady) return <PlannedBulk {...props} />
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`bulk.title.${act}`, { count: domains.length })}
      size={760}
      centered
    >
      <div className="stack gap-14">
        <LoadingRows />
        <div className="row at-end gap-8">
          <CancelButton onClick={onClose} />
        </div>
      </div>
    </Modal>
  )
}

/** An act on many domains: its plan by domain, then its progress and results. Closing it while it runs stops it, and shows them. */
function PlannedBulk({ act, domains, onClose }: BulkProps) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const certificates = useCertificates((state) => state.items)
  const now = useNow()
  const [steps] = useState(() => effectiveFirst(planBulk(act, domains, { certificates, now })))
  const [run] = useState(() => createBulkRun(steps, (step) => carryOut(client, act, step)))
  useEffect(() => () => run.stop(), [run])
  const phase = useStore(run.store, (state) => state.phase)
  const count = steps.filter(({ skip }) => !skip).length
  const Start = act === 'verify' ? EngineButton : ChangeButton
  return (
    <Modal
      opened
      onClose={phase === 'running' ? run.stop : onClose}
      title={t(`bulk.title.${act}`, { count: domains.length })}
      size={760}
      centered
      closeOnClickOutside={phase !== 'running'}
    >
      <div className="stack gap-14">
        {phase === 'planned' ? (
          <p className="flush">
            {t(`bulk.text.${act}`)}{' '}
            {count < steps.length ? t('bulk.skipped', { count: steps.length - count }) : null}
          </p>
        ) : (
          <Outcome run={run} />
        )}
        <Steps run={run} steps={steps} />
        <div className="row at-end gap-8">
          {phase === 'planned' ? (
            <>
              <CancelButton onClick={onClose} />
              <Start
                color={act === 'remove' || act === 'httpsOff' ? 'red' : undefined}
                disabled={count === 0}
                onClick={() => void run.start()}
              >
                {t(`bulk.start.${act}`, { count })}
              </Start>
            </>
          ) : phase === 'running' ? (
            <Button variant="default" onClick={run.stop} autoFocus>
              {t('bulk.stop')}
            </Button>
          ) : (
            <Button onClick={onClose}>{t('bulk.close')}</Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

function Outcome({ run }: { run: BulkRun }) {
  const { t } = useTranslation('domains')
  const { phase, results, done } = useStore(run.store)
  const running = phase === 'running'
  const part = results.length > 0 ? done / results.length : 0
  useTaskBarProgress(running ? part : null)
  const count = (outcome: BulkResult['outcome']) => results.filter((each) => each?.outcome === outcome).length
  const [ok, failed, skipped] = [count('done'), count('failed'), count('skipped')]
  const label = t('bulk.progress', { done, total: results.length })
  return (
    <div role="status">
      {running ? (
        <>
          <div>{label}</div>
          <Progress value={part * 100} mt={6} size="sm" aria-label={label} />
        </>
      ) : (
        <VerdictRow
          verdict={failed > 0 ? (ok > 0 ? 'caution' : 'no') : phase === 'stopped' ? 'caution' : 'yes'}
          label={t('bulk.done', { count: ok })}
          reason={[
            failed > 0 ? t('bulk.failed', { count: failed }) : '',
            skipped > 0 ? t(phase === 'stopped' ? 'bulk.notBegun' : 'bulk.skipped', { count: skipped }) : '',
          ].join(' ')}
        />
      )}
    </div>
  )
}

const verdicts: Record<BulkResult['outcome'], Verdict> = { done: 'yes', failed: 'no', skipped: 'unknown' }

/** Plan and results; once it has ended, failures come first. */
function Steps({ run, steps }: { run: BulkRun; steps: readonly BulkStep[] }) {
  const { t } = useTranslation('domains')
  const { phase, results } = useStore(run.store)
  const rows = steps.map((step, at) => ({ step, result: results[at] }))
  const isOver = phase === 'ended' || phase === 'stopped'
  const failed = ({ result }: (typeof rows)[number]) => result?.outcome === 'failed'
  const shown = isOver ? [...rows.filter(failed), ...rows.filter((row) => !failed(row))] : rows
  return (
    <div
      className={`scroll frame ${classes.steps}`}
      data-scrolls
      role="region"
      aria-label={t('bulk.list')}
      tabIndex={0}
    >
      <ul className="plain-list">
        <ListRows items={shown} keyOf={({ step }) => step.domain.name} height={52}>
          {({ step, result }, row) => <StepRow key={step.domain.name} {...{ step, result, row }} />}
        </ListRows>
      </ul>
    </div>
  )
}

function StepRow(props: { step: BulkStep; result: BulkResult | undefined; row: RowAttributes }) {
  const { t } = useTranslation('domains')
  const { step, result, row } = props
  return (
    <li {...row} className={classes.step}>
      {result ? <VerdictIcon verdict={verdicts[result.outcome]} /> : <VerdictIcon verdict="unknown" />}
      <div className="grow">
        <div className="semibold cut">{step.domain.displayName}</div>
        <div className="dim text-xs">
          {result?.reason ?? t(`bulk.plan.${step.text}`, { name: step.certificate?.name })}
        </div>
      </div>
    </li>
  )
}
