import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { ComponentProps, MouseEvent, MouseEventHandler, Ref } from 'react'
import { useEnded, useLocked } from './use-locked.ts'

type ChangeButtonProps = ButtonProps &
  Pick<ComponentProps<'button'>, 'type' | 'aria-describedby' | 'aria-haspopup' | 'aria-pressed'> & {
    onClick?: MouseEventHandler<HTMLButtonElement>
    ref?: Ref<HTMLButtonElement>
  }

/** A button that changes something, which neither a locked vault nor an Edgekeep that has ended takes. */
export function ChangeButton(props: ChangeButtonProps) {
  return <HinderedButton hindrance={useLocked()} {...props} />
}

/** A button that asks Edgekeep for something, also under a lock. */
export function EngineButton(props: ChangeButtonProps) {
  return <HinderedButton hindrance={useEnded()} {...props} />
}

/**
 * While there is a hindrance the button does nothing and says why; it can still be reached by the keyboard, so
 * that the reason can be read.
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

/** Also of a form: its Enter key presses its button. */
function refuse(event: MouseEvent): void {
  event.preventDefault()
}
