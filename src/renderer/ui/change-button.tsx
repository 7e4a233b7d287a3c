import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { ComponentProps, MouseEvent, MouseEventHandler, Ref } from 'react'
import { useLocked } from './use-locked.ts'

type ChangeButtonProps = ButtonProps &
  Pick<ComponentProps<'button'>, 'type' | 'aria-describedby' | 'aria-haspopup' | 'aria-pressed'> & {
    onClick?: MouseEventHandler<HTMLButtonElement>
    ref?: Ref<HTMLButtonElement>
  }

/**
 * A button that changes something. While nothing can be changed it does nothing and says why; it can still
 * be reached by the keyboard, so that the reason can be read.
 */
export function ChangeButton(props: ChangeButtonProps) {
  const locked = useLocked()
  if (locked === null) return <Button {...props} />
  return (
    <Tooltip label={locked}>
      <Button {...props} data-disabled aria-disabled aria-description={locked} onClick={refuse} />
    </Tooltip>
  )
}

/** Also of a form: its Enter key presses its button. */
function refuse(event: MouseEvent): void {
  event.preventDefault()
}
