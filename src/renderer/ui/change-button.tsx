import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { ComponentProps, MouseEvent, MouseEventHandler, Ref } from 'react'
import { useEnded, useLocked } from './use-locked.ts'

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
