import { Kbd, Menu, type ButtonProps } from '@mantine/core'
import type { MouseEventHandler, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { HinderedButton } from '../change-button.tsx'
import type { Action, Offered } from './action.ts'
import { useOffer } from './use-offer.ts'

interface ActionButtonProps extends Pick<ButtonProps, 'variant' | 'color' | 'flex' | 'size'> {
  action: Action
  act: () => void
  /** How it is called now, where that changes. */
  label?: string
  disabled?: boolean
  busy?: boolean
  /** Of one that can be on and off. */
  pressed?: boolean
  describedBy?: string
  ref?: Ref<HTMLButtonElement>
  /** Given by the menu that this button opens. */
  onClick?: MouseEventHandler<HTMLButtonElement>
}

/** The button of an action. While it is there, the action is offered to keys and palette too. */
export function ActionButton(props: ActionButtonProps) {
  // The rest is the look, and what a tooltip, menu or popover around it adds.
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

/** The item of a menu for an action that the menu offers. */
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

/** A key as its cap reads. */
export function ActionKey({ name }: { name: string }) {
  const { t } = useTranslation('ui')
  return <Kbd size="xs">{name === ' ' ? t('spaceKey') : name}</Kbd>
}
