import { CloseButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { ErrorPanel } from '../../ui/feedback/feedback.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import classes from './activity.module.css'
import type { Trail } from './trail.ts'

/** Result of verifying the whole audit trail, announced to screen readers. */
export function CheckResult({ trail }: { trail: Trail }) {
  const { t } = useTranslation(['activity', 'ui'])
  const verdict = useStore(trail.store, (state) => state.verdict)
  const problem = useStore(trail.store, (state) => state.verdictProblem)
  const close = () => trail.store.setState({ verdict: null })
  if (problem) return <ErrorPanel error={problem} />
  return (
    <div role="status" className={classes.check}>
      {verdict ? (
        <div className={classes.verdict} data-ok={verdict.ok}>
          <VerdictRow
            verdict={verdict.ok ? 'yes' : 'no'}
            label={
              verdict.ok
                ? t('check.ok', { count: verdict.rows })
                : t('check.broken', { row: verdict.brokenAt })
            }
            reason={
              verdict.ok
                ? t('check.okText')
                : t('check.brokenText', { row: verdict.brokenAt, reason: verdict.reason })
            }
          />
          <CloseButton size="sm" aria-label={t('ui:close')} onClick={close} />
        </div>
      ) : null}
    </div>
  )
}
