import { Button, Checkbox, Menu, Table } from '@mantine/core'
import { useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './selection.module.css'

/** Keys of the selected rows of a list. */
export interface Selection {
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
}

const none: ReadonlySet<string> = new Set()

/** Selection of a list, with the selected items that still exist. `keyOf` must stay the same function. */
export function useSelection<T>(items: readonly T[], keyOf: (item: T) => string) {
  const [selected, onSelect] = useState(none)
  const chosen = useMemo(
    () => (selected.size === 0 ? [] : items.filter((item) => selected.has(keyOf(item)))),
    [items, selected, keyOf],
  )
  return { selected, onSelect, chosen, clear: () => onSelect(none) }
}

/** State of the checkbox for these rows. */
function stateOf(keys: readonly string[], selected: Selection['selected']) {
  const count = keys.filter((key) => selected.has(key)).length
  const isAll = count > 0 && count === keys.length
  return { checked: isAll, indeterminate: count > 0 && !isAll }
}

/** Checkbox of a heading: selects the rows that the filters show, and no others. */
export function SelectAllHead(props: { label: string; keys: readonly string[] } & Selection) {
  const { label, keys, selected, onSelect } = props
  return (
    <Table.Th data-column="select" className={classes.select}>
      <Checkbox
        classNames={{ input: classes.box }}
        aria-label={label}
        {...stateOf(keys, selected)}
        onChange={(event) => onSelect(new Set(event.currentTarget.checked ? keys : []))}
      />
    </Table.Th>
  )
}

/** Checkbox of a row, or of a group of them. */
export function SelectCell(props: { label: string; keys: readonly string[] } & Selection) {
  const { label, keys, selected, onSelect } = props
  const state = stateOf(keys, selected)
  const change = () => {
    const others = [...selected].filter((key) => !keys.includes(key))
    onSelect(new Set(state.checked ? others : [...others, ...keys]))
  }
  return (
    <Table.Td data-column="select" className={classes.select} onClick={(event) => event.stopPropagation()}>
      <Checkbox classNames={{ input: classes.box }} aria-label={label} {...state} onChange={change} />
    </Table.Td>
  )
}

/** Button of the bulk acts, which gets the focus back after one of them. */
export function useBulkButton() {
  const button = useRef<HTMLButtonElement>(null)
  // The bar with the button goes with the last selected row.
  const focus = () => (button.current ?? document.getElementById('page'))?.focus()
  return { button, focus }
}

/** Sticky bar of the acts on the selected rows; `items` are those in the menu, mounted while it is open. */
export function SelectionBar(props: {
  label: string
  text: string
  button: RefObject<HTMLButtonElement | null>
  items: ReactNode
  onClear: () => void
  children?: ReactNode
}) {
  const { t } = useTranslation(['domains', 'policies'])
  return (
    <div className={`row wrapping gap-8 ${classes.bar}`} role="toolbar" aria-label={props.label}>
      <span className={classes.text} aria-live="polite">
        {props.text}
      </span>
      {props.children}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" ref={props.button}>
            {t('bulk.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>{props.items}</Menu.Dropdown>
      </Menu>
      <Button variant="subtle" onClick={props.onClear}>
        {t('policies:batch.clear')}
      </Button>
    </div>
  )
}
