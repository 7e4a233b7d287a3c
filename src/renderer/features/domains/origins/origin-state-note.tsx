import { useTranslation } from 'react-i18next'
import type { OriginState } from '../../../../contract/domains/origins.ts'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictIcon } from '../../../ui/feedback/verdict.tsx'
import classes from './origins.module.css'

/** Health of one of several origins; renders nothing without a report from the edge. */
export function OriginStateNote({ state }: { state: OriginState | undefined }) {
  const { t, i18n } = useTranslation('domains')
  if (!state) return null
  return (
    <span className={classes.state}>
      <VerdictIcon verdict={state.state === 'up' ? 'yes' : 'no'} size={16} />
      <span>
        {state.state === 'up' ? t('origins.up') : `${t(`origins.${state.state}`)} ${state.reason ?? ''}. `}
        {state.until ? t('origins.until', { when: clockTime(state.until, i18n.language) }) : null}
        {state.state === 'down' ? (
          <RelativeTime at={state.since} say={(when) => t('origins.since', { when })} />
        ) : null}
      </span>
    </span>
  )
}

/** Includes seconds: the first ejection lasts only 10 s. */
function clockTime(at: string, language: string): string {
  return new Date(at).toLocaleTimeString(language)
}
