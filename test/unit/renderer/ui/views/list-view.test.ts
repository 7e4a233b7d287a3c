import { describe, expect, test } from 'vitest'
import { createListView } from '../../../../../src/renderer/ui/views/list-view.ts'
import { readSavedViews } from '../../../../../src/renderer/ui/views/saved-view.ts'

const filters = ['all', 'off'] as const
const listView = () =>
  createListView<{ filter: (typeof filters)[number]; search: string }>({
    page: '/things',
    whole: { filter: 'all', search: '' },
    values: { filter: filters },
  })

describe('the view of a list', () => {
  test('is read back from what it puts into an address', () => {
    const [one, other] = [listView(), listView()]
    one.set({ filter: 'off', search: 'a & b=c#?' })
    other.read(one.queryOf(one.store.getState()))
    expect(other.store.getState()).toEqual({ filter: 'off', search: 'a & b=c#?' })
  })

  test('puts nothing of the whole list into an address', () => {
    const view = listView()
    view.set({ filter: 'off' })
    view.clear()
    expect(view.queryOf(view.store.getState())).toBe('')
  })

  test('ignores fields and values that it does not have, and cuts a long one', () => {
    const view = listView()
    view.set({ search: 'before' })
    view.read(`filter=other&__proto__=x&search=${'a'.repeat(10_000)}`)
    expect(view.store.getState()).toEqual({ filter: 'all', search: 'a'.repeat(500) })
  })
})

describe('saved views', () => {
  test('are those that are whole', () => {
    const whole = { name: 'Off', query: 'filter=off' }
    expect(readSavedViews(JSON.stringify([whole, null, { name: 'x' }, 7, { name: '', query: '' }]))).toEqual([
      whole,
    ])
  })

  test.each([undefined, '', '{"name":"x"}', 'null', '[['])('ignore the damaged text %o', (stored) => {
    expect(readSavedViews(stored)).toEqual([])
  })
})
