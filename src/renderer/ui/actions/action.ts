import type { Icon } from '@tabler/icons-react'
import type { ParseKeys } from 'i18next'

/** The namespaces that labels of actions come from. */
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
] as const

/**
 * Something the window can do: one object for its button, its key and its place in the command palette, so that
 * none of them can say or do something else. What it does now is offered by the part of the page that knows
 * (`useOffer`), while that part is there.
 */
export interface Action {
  id: string
  label: ParseKeys<typeof labelSpaces>
  /** What it belongs to, beside its name in the palette. */
  about: ParseKeys<typeof labelSpaces>
  icon: Icon
  /** Where it is done; the palette leads there first. Without one it is done where it is offered alone. */
  page?: `/${string}`
  /** Does it wherever no control and no field takes the key itself, as `KeyboardEvent.key` names it. */
  key?: string
  /** It changes something, which a locked vault does not take. */
  changes?: boolean
  /** It asks nothing of Edgekeep, so that it can be done when that has ended. */
  isOfWindow?: boolean
}

/** An action with what it does and how it is called now. */
export interface Offered {
  action: Action
  label: string
  /** Why it cannot be done now, a sentence; null where nothing but what is shown beside it keeps from it. */
  hindrance: string | null
  disabled: boolean
  act: () => void
}
