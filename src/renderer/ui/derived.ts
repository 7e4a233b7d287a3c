import { useDeferredValue } from 'react'

/** Keeps the last result of `derive` while its arguments are the same, also for a page that is left and opened again. */
export function keepLast<Given extends readonly unknown[], Result>(
  derive: (...given: Given) => Result,
): (...given: Given) => Result {
  let last: { given: Given; result: Result } | null = null
  return (...given) => {
    if (last?.given.every((each, at) => each === given[at])) return last.result
    const result = derive(...given)
    last = { given, result }
    return result
  }
}

/** Keeps what `derive` makes of a row while `given` is the same, so that a change of one row costs one. */
export function keepByRow<Row extends object, Given, Result>(
  derive: (row: Row, given: Given) => Result,
): (row: Row, given: Given) => Result {
  const known = new WeakMap<Row, { given: Given; result: Result }>()
  return (row, given) => {
    const found = known.get(row)
    if (found?.given === given) return found.result
    const result = derive(row, given)
    known.set(row, { given, result })
    return result
  }
}

/** Longer lists are counted and matched in a task after the one that shows them. */
const atOnceUpTo = 1000
const none: readonly never[] = []

/** The list for what is derived of all its rows; at first empty where that takes longer than rows may wait. */
export function useShownLater<Row>(rows: readonly Row[]): readonly Row[] {
  return useDeferredValue(rows, rows.length <= atOnceUpTo ? rows : none)
}
