import { Button, Modal, Progress } from '@mantine/core'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { EndedRow, PlannedRow, RowOutcome } from '../../../client/bulk-run.ts'
import { useTaskBarProgress } from '../feedback/feedback.tsx'
import { VerdictIcon, VerdictRow, type Verdict } from '../feedback/verdict.tsx'
import { CancelButton } from '../forms/dialog.tsx'
import { ListRows, type RowAttributes } from '../lists/visible-rows.tsx'
import { ChangeButton, EngineButton } from '../primitives/change-controls.tsx'
import { createBulkRun, effectiveFirst, type BulkRun } from './bulk-run.ts'
import classes from './bulk.module.css'

interface BulkPlan {
  title: string
  /** Effects of the act, above its plan. */
  text: string
  rows: readonly PlannedRow[]
  startLabel: (count: number) => string
  tone?: 'danger'
  /** It changes nothing, so it works while the vault is locked. */
  isHarmless?: boolean
  /** Fields that the plan follows. */
  form?: ReactNode
  /** Rows that take these back, which are done; none where the act has no undo. */
  undo?: ((done: readonly PlannedRow[]) => PlannedRow[]) | undefined
  onClose: () => void
}

/** An act on many: its plan by row, then its progress and results. Closing it while it runs stops it, and shows them. */
export function BulkModal(props: BulkPlan) {
  const { title, onClose } = props
  const rows = useMemo(() => effectiveFirst(props.rows), [props.rows])
  const [run, setRun] = useState<BulkRun | null>(null)
  const [isUndone, setUndone] = useState(false)
  useEffect(() => () => run?.stop(), [run])
  const start = (begun: readonly PlannedRow[]) => {
    const made = createBulkRun(begun)
    setRun(made)
    void made.start()
  }
  const undo = (undone: readonly PlannedRow[]) => {
    setUndone(true)
    start(undone)
  }
  if (run) return <Running {...{ title, onClose, run, isUndone }} undo={props.undo} onUndo={undo} />
  return <Planned {...props} rows={rows} onStart={() => start(rows)} />
}

function Frame(props: { title: string; isRunning?: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size={760}
      centered
      closeOnClickOutside={!props.isRunning}
    >
      <div className="stack gap-14">{props.children}</div>
    </Modal>
  )
}

function Planned(props: BulkPlan & { onStart: () => void }) {
  const { t } = useTranslation('domains')
  const { rows, tone, isHarmless } = props
  const count = rows.filter((row) => 'act' in row).length
  const refused = rows.filter((row) => 'outcome' in row && row.outcome === 'refused').length
  const idle = rows.length - count - refused
  const Start = isHarmless ? EngineButton : ChangeButton
  return (
    <Frame title={props.title} onClose={props.onClose}>
      <p className="flush">
        {[
          props.text,
          refused > 0 ? t('bulk.refused', { count: refused }) : '',
          idle > 0 ? t('bulk.skipped', { count: idle }) : '',
        ].join(' ')}
      </p>
      {props.form}
      <Rows rows={rows} />
      <div className="row at-end gap-8">
        <CancelButton onClick={props.onClose} />
        <Start color={tone === 'danger' ? 'red' : undefined} disabled={count === 0} onClick={props.onStart}>
          {props.startLabel(count)}
        </Start>
      </div>
    </Frame>
  )
}

function Running(props: {
  title: string
  run: BulkRun
  isUndone: boolean
  undo: BulkPlan['undo']
  onUndo: (rows: PlannedRow[]) => void
  onClose: () => void
}) {
  const { t } = useTranslation('domains')
  const { run, title, isUndone, undo, onUndo, onClose } = props
  const { phase, results } = useStore(run.store)
  const isRunning = phase === 'running'
  const undone = useMemo(
    () =>
      isRunning || isUndone
        ? []
        : (undo?.(run.rows.filter((_, at) => results[at]?.outcome === 'done')) ?? []),
    [isRunning, isUndone, undo, run, results],
  )
  return (
    <Frame title={title} isRunning={isRunning} onClose={isRunning ? run.stop : onClose}>
      <Outcome run={run} isUndone={isUndone} />
      <Rows rows={run.rows} results={results} isOver={!isRunning} />
      <div className="row at-end gap-8">
        {isRunning ? (
          <Button key="stop" variant="default" onClick={run.stop} autoFocus>
            {t('bulk.stop')}
          </Button>
        ) : (
          <>
            {undone.length > 0 ? (
              <ChangeButton variant="default" onClick={() => onUndo(undone)}>
                {t('bulk.undo', { count: undone.length })}
              </ChangeButton>
            ) : null}
            <Button key="close" onClick={onClose} autoFocus>
              {t('bulk.close')}
            </Button>
          </>
        )}
      </div>
    </Frame>
  )
}

/** Outcomes in the sentence about a run, those that need a person first. */
const counted = ['failed', 'unanswered', 'unknown', 'refused', 'not-begun', 'skipped'] as const

function Outcome({ run, isUndone }: { run: BulkRun; isUndone: boolean }) {
  const { t } = useTranslation('domains')
  const { phase, results, done } = useStore(run.store)
  const isRunning = phase === 'running'
  const part = results.length > 0 ? done / results.length : 0
  useTaskBarProgress(isRunning ? part : null)
  const count = (outcome: RowOutcome) => results.filter((each) => each?.outcome === outcome).length
  const label = t('bulk.progress', { done, total: results.length })
  if (isRunning)
    return (
      <div role="status">
        <div>{label}</div>
        <Progress value={part * 100} mt={6} size="sm" aria-label={label} />
      </div>
    )
  const ok = count('done')
  const isWhole = counted.every((outcome) => outcome === 'skipped' || count(outcome) === 0)
  return (
    <div role="status">
      <VerdictRow
        verdict={isWhole ? 'yes' : ok > 0 || phase === 'stopped' ? 'caution' : 'no'}
        label={t(isUndone ? 'bulk.undone' : 'bulk.done', { count: ok })}
        reason={counted
          .filter((outcome) => count(outcome) > 0)
          .map((outcome) => t(`bulk.${outcome}`, { count: count(outcome) }))
          .join(' ')}
      />
    </div>
  )
}

const verdicts: Record<RowOutcome, Verdict> = {
  failed: 'no',
  unanswered: 'no',
  unknown: 'caution',
  refused: 'caution',
  'not-begun': 'unknown',
  done: 'yes',
  skipped: 'unknown',
}
const order = Object.keys(verdicts)

interface ShownRow {
  row: PlannedRow
  end: EndedRow | undefined
}

function rankOf({ end }: ShownRow): number {
  return order.indexOf(end?.outcome ?? 'not-begun')
}

/** Plan and results; once it is over, failures come first. */
function Rows(props: {
  rows: readonly PlannedRow[]
  results?: readonly (EndedRow | undefined)[]
  isOver?: boolean
}) {
  const { t } = useTranslation('domains')
  const { rows, results = [], isOver } = props
  const all = rows.map((row, at): ShownRow => ({ row, end: results[at] }))
  const shown = isOver ? all.toSorted((one, other) => rankOf(one) - rankOf(other)) : all
  return (
    <div
      className={`scroll frame ${classes.steps}`}
      data-scrolls
      role="region"
      aria-label={t('bulk.list')}
      tabIndex={0}
    >
      <ul className="plain-list">
        <ListRows items={shown} keyOf={({ row }) => row.name} height={52}>
          {({ row, end }, attributes) => <Row row={row} end={end} attributes={attributes} />}
        </ListRows>
      </ul>
    </div>
  )
}

function Row({ row, end, attributes }: ShownRow & { attributes: RowAttributes }) {
  const { t } = useTranslation('domains')
  const outcome = end?.outcome ?? ('act' in row ? 'not-begun' : row.outcome)
  const text = end?.text ?? row.plan
  return (
    <li {...attributes} className={classes.step}>
      <VerdictIcon verdict={verdicts[outcome]} />
      <div className="grow">
        <div className="semibold cut">{row.name}</div>
        <div className="dim text-xs">
          {end?.outcome === 'not-begun' ? t('bulk.waits', { plan: text }) : text}
        </div>
      </div>
    </li>
  )
}
