import { useEffect, useMemo } from 'react'
import { create, useStore, type StoreApi } from 'zustand'

export type Fields<V> = { [Field in keyof V]: string }

/** Filters and order of a list, kept while the window is open, and in the address of its page. */
export interface ListView<V extends Fields<V>> {
  /** Path of the page. */
  readonly page: string
  readonly store: StoreApi<V>
  set(change: Partial<V>): void
  clear(): void
  /** Fields that differ from the whole list, as in an address. */
  queryOf(view: V): string
  /** Takes the fields of a query; others, and values that do not exist, are those of the whole list. */
  read(query: string): void
}

/** Limit of a value in an address. */
const longest = 500

export function createListView<V extends Fields<V>>(o: {
  page: string
  whole: V
  /** Fields with fixed values. */
  values: { [Field in keyof V]?: readonly V[Field][] }
}): ListView<V> {
  const { page, whole, values } = o
  const store = create<V>()(() => whole)
  const fields = Object.keys(whole) as (keyof V & string)[]
  const isValue = (field: keyof V, value: string) => values[field]?.includes(value as V[keyof V]) ?? true
  return {
    page,
    store,
    set: (change) => store.setState(change),
    clear: () => store.setState(whole, true),
    queryOf: (view) =>
      new URLSearchParams(
        fields.filter((field) => view[field] !== whole[field]).map((field) => [field, view[field]]),
      ).toString(),
    read(query) {
      const given = new URLSearchParams(query)
      const next = { ...whole }
      for (const field of fields) {
        const value = given.get(field)?.slice(0, longest)
        if (value !== undefined && isValue(field, value)) next[field] = value as V[typeof field]
      }
      store.setState(next, true)
    },
  }
}

export function useListView<V extends Fields<V>>(view: ListView<V>): V {
  return useStore(view.store)
}

export function useViewQuery<V extends Fields<V>>(view: ListView<V>): string {
  const fields = useListView(view)
  return useMemo(() => view.queryOf(fields), [view, fields])
}

/** Keeps the view in the address while its page is shown, for reload, back and bookmarks. */
export function useViewAddress<V extends Fields<V>>(view: ListView<V>): void {
  const query = useViewQuery(view)
  useEffect(() => {
    const follow = () => {
      const given = queryInAddress(view.page)
      if (given === '') writeAddress(view.page, view.queryOf(view.store.getState()))
      else if (given !== null) view.read(given)
    }
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [view])
  useEffect(() => {
    if (queryInAddress(view.page) !== null) writeAddress(view.page, view.queryOf(view.store.getState()))
  }, [view, query])
}

/** Query in the hash; null on another page. */
function queryInAddress(page: string): string | null {
  const [path, query = ''] = location.hash.replace(/^#/, '').split('?')
  return path === page ? query : null
}

/** Replaced, not pushed: Back leads to the page before, not through every letter of a search. */
function writeAddress(page: string, query: string): void {
  history.replaceState(history.state, '', query === '' ? `#${page}` : `#${page}?${query}`)
}
