import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus } from '../../connection/engine-context.tsx'
import { Button, Tooltip, type ButtonProps, Switch } from '@mantine/core'
import type { ComponentProps, MouseEvent, MouseEventHandler, Ref, ChangeEvent, ReactNode } from 'react'
import classes from './page-layout.module.css'

/** Sentence that explains that Edgekeep has ended; null while it runs. */
export function useEnded(): string | null {
  const { t } = useTranslation('vault')
  return useConnection() === 'ended' ? t('ended') : null
}

/** Sentence for why changes are impossible: Edgekeep has ended or the vault is locked. Null if possible. */
export function useLocked(): string | null {
  const { t } = useTranslation('vault')
  const ended = useEnded()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  return ended ?? (locked ? t('noChange') : null)
}

type ChangeButtonProps = ButtonProps &
  Pick<ComponentProps<'button'>, 'type' | 'aria-describedby' | 'aria-haspopup' | 'aria-pressed'> & {
    onClick?: MouseEventHandler<HTMLButtonElement>
    ref?: Ref<HTMLButtonElement>
  }

/** Button for a change; disabled while the vault is locked or Edgekeep is not running. */
export function ChangeButton(props: ChangeButtonProps) {
  return <HinderedButton hindrance={useLocked()} {...props} />
}

/** Button for a call that needs the engine but works while the vault is locked. */
export function EngineButton(props: ChangeButtonProps) {
  return <HinderedButton hindrance={useEnded()} {...props} />
}

/**
 * A button with a hindrance is disabled, with the hindrance as tooltip. It stays focusable, so that keyboard
 * users can read the reason.
 */
export function HinderedButton({ hindrance, ...props }: ChangeButtonProps & { hindrance: string | null }) {
  if (hindrance === null) return <Button {...props} />
  const { disabled: _, ...reachable } = props
  return (
    <Tooltip label={hindrance}>
      <Button {...reachable} data-disabled aria-disabled aria-description={hindrance} onClick={refuse} />
    </Tooltip>
  )
}

/** Also stops a form's implicit submission with Enter, which presses this button. */
function refuse(event: MouseEvent): void {
  event.preventDefault()
}

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
        onChange={refuseChange}
      />
    </Tooltip>
  )
}

/** Keeps the checked state. */
function refuseChange(event: ChangeEvent): void {
  event.preventDefault()
}
