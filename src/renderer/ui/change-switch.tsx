import { Switch, Tooltip } from '@mantine/core'
import type { ChangeEvent, ReactNode } from 'react'
import classes from './change-switch.module.css'
import { useLocked } from './use-locked.ts'

interface ChangeSwitchProps {
  label?: ReactNode
  description?: ReactNode
  'aria-label'?: string
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
}

/**
 * Switch that takes effect at once. While changes are impossible it is disabled with the reason, but
 * focusable like a `ChangeButton`.
 */
export function ChangeSwitch({ onChange, ...props }: ChangeSwitchProps) {
  const locked = useLocked()
  if (locked === null)
    return <Switch {...props} onChange={(event) => onChange(event.currentTarget.checked)} />
  const { disabled: _, description, ...shown } = props
  return (
    <Tooltip label={locked}>
      <Switch
        {...shown}
        classNames={{ track: classes.refused, label: classes.refused }}
        description={description === undefined ? undefined : locked}
        aria-disabled
        aria-description={locked}
        onChange={refuse}
      />
    </Tooltip>
  )
}

/** Keeps the checked state. */
function refuse(event: ChangeEvent): void {
  event.preventDefault()
}
