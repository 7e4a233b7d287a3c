import { Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useListView, type Fields, type ListView } from './list-view.ts'
import classes from './views.module.css'

/** Fields of a view that sorts by columns. */
export type SortFields<Column extends string> = { sort: Column; order: 'up' | 'down' }

/** Heading that sorts by its column, and back to front the second time. */
export function SortHead<Column extends string, V extends Fields<V> & SortFields<Column>>(props: {
  view: ListView<V>
  column: Column
  label: string
  className?: string
  children?: ReactNode
}) {
  const { view, column } = props
  const { sort, order } = useListView(view)
  const isSorted = sort === column
  const isDown = isSorted && order === 'down'
  const Arrow = isDown ? IconArrowDown : IconArrowUp
  const change: SortFields<Column> = { sort: column, order: isSorted && !isDown ? 'down' : 'up' }
  return (
    <Table.Th
      scope="col"
      className={props.className}
      data-column={column}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton className={classes.sort} onClick={() => view.set(change as Partial<V>)}>
        {props.label} {isSorted ? <Arrow size={12} aria-hidden /> : null}
      </UnstyledButton>
      {props.children}
    </Table.Th>
  )
}
