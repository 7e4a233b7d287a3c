import type { Icon } from '@tabler/icons-react'
import type { ParseKeys } from 'i18next'

/** Namespaces of action labels. */
export const labelSpaces = [
  'app',
  'domains',
  'certificates',
  'inspector',
  'traffic',
  'usage',
  'activity',
  'settings',
  'policies',
  'trust',
  'issuing',
  'moveIn',
  'projects',
  'watch',
  'targets',
] as const

/**
 * One object for an action's button, key and entry in the command palette, so that these never differ. The
 * handler is offered by the mounted part of the page that owns the state (`useOffer`).
 */
export interface Action {
  id: string
  label: ParseKeys<typeof labelSpaces>
  /** Category, shown beside the label in the palette. */
  about: ParseKeys<typeof labelSpaces>
  icon: Icon
  /** Page that the palette opens first. Without one, the action runs only where it is offered. */
  page?: `/${string}`
  /** Shortcut, as a `KeyboardEvent.key`. Ignored while a control or field uses the key. */
  key?: string
  /** Modifies the vault, so it is disabled while the vault is locked. */
  changes?: boolean
  /** Needs no engine, so it works without a connection. */
  isOfWindow?: boolean
}

/** Makes actions of one category; `flags` apply to each of them. */
export function actionsAbout(about: Action['about'], flags: Pick<Action, 'page' | 'changes'> = {}) {
  return (
    id: string,
    label: Action['label'],
    icon: Icon,
    own: Pick<Action, 'key' | 'isOfWindow'> = {},
  ): Action => ({ id, label, about, icon, ...flags, ...own })
}

/** An action with its current handler and label. */
export interface Offered {
  action: Action
  label: string
  /** Sentence for why the action is unavailable; null if available or if the page already shows why. */
  hindrance: string | null
  disabled: boolean
  act: () => void
}
