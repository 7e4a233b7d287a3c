import { Kbd, Menu, type ButtonProps } from '@mantine/core'
import type { MouseEventHandler, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { HinderedButton } from '../primitives/change-controls.tsx'
import type { Action, Offered } from './action.ts'
import { useOffer } from './offers.ts'

interface ActionButtonProps extends Pick<ButtonProps, 'variant' | 'color' | 'flex' | 'size'> {
  action: Action
  act: () => void
  /** Overrides the action's label. */
  label?: string
  disabled?: boolean
  busy?: boolean
  /** State of a toggle. */
  pressed?: boolean
  describedBy?: string
  ref?: Ref<HTMLButtonElement>
  /** Passed in by the menu that this button opens. */
  onClick?: MouseEventHandler<HTMLButtonElement>
}

/** Button of an action. While mounted, it also offers the action to its key and the command palette. */
export function ActionButton(props: ActionButtonProps) {
  // The rest is styling, and props from a surrounding tooltip, menu or popover.
  const { action, act, label, disabled, busy, pressed, describedBy, onClick = act, ...rest } = props
  const offered = useOffer(action, { act, label, disabled: disabled || busy })
  const shared = {
    ...rest,
    disabled,
    loading: busy,
    onClick,
    leftSection: <action.icon size={15} stroke={1.8} />,
    rightSection: action.key ? <ActionKey name={action.key} /> : undefined,
    children: offered.label,
    'data-does': action.id,
    'aria-pressed': pressed,
    'aria-describedby': describedBy,
  }
  return <HinderedButton hindrance={offered.hindrance} {...shared} />
}

/** Menu item of an action that the menu offers. */
export function ActionItem({ offered }: { offered: Offered }) {
  const { action, label, hindrance, disabled, act } = offered
  return (
    <Menu.Item
      leftSection={<action.icon size={15} />}
      disabled={disabled}
      title={hindrance ?? undefined}
      onClick={act}
      data-does={action.id}
    >
      {label}
    </Menu.Item>
  )
}

/** Label of a key. */
export function ActionKey({ name }: { name: string }) {
  const { t } = useTranslation('ui')
  return <Kbd size="xs">{name === ' ' ? t('spaceKey') : name}</Kbd>
}
