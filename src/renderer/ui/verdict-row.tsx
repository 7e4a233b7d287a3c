import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './verdict-row.module.css'

/** `caution`: yes with a warning; `unknown`: not checked or not known. */
export type Verdict = 'yes' | 'no' | 'caution' | 'unknown'

const icons = { yes: IconCircleCheck, no: IconCircleX, caution: IconAlertTriangle, unknown: IconCircleMinus }

/** Icon with a distinct shape and a label for screen readers, never colour alone. */
export function VerdictIcon({ verdict, size = 18 }: { verdict: Verdict; size?: number }) {
  const { t } = useTranslation('ui')
  const Icon = icons[verdict]
  return (
    <Icon
      size={size}
      stroke={1.8}
      role="img"
      aria-label={t(`verdict.${verdict}`)}
      className={classes[verdict]}
    />
  )
}

export function VerdictRow(props: {
  verdict: Verdict
  label: ReactNode
  reason?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className={classes.row} data-verdict={props.verdict}>
      <VerdictIcon verdict={props.verdict} />
      <div className={classes.text}>
        <div className={classes.label}>{props.label}</div>
        {props.reason ? <div className={classes.reason}>{props.reason}</div> : null}
        {props.children}
      </div>
    </div>
  )
}
