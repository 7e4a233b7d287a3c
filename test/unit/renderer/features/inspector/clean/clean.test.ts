import { describe, expect, test } from 'vitest'
import {
  isUnchanged,
  sideBySide,
} from '../../../../../../src/renderer/features/inspector/clean/side-by-side.ts'

const line = (change: 'file' | 'kept' | 'removed' | 'added', text: string) => ({ change, text })

describe('the fixes, side by side', () => {
  test('put what went beside what came', () => {
    const lines = [line('file', 'a.pem'), line('removed', 'x'), line('removed', 'y'), line('added', 'z')]
    expect(sideBySide({ lines, omitted: 0 })).toEqual([
      { kind: 'file', text: 'a.pem' },
      { kind: 'changed', left: 'x', right: 'z' },
      { kind: 'changed', left: 'y', right: null },
    ])
  })

  test('are absent if every line is served unchanged', () => {
    const given = [line('file', 'a.pem'), line('kept', 'x')]
    expect(isUnchanged({ lines: given, omitted: 0 })).toBe(true)
    expect(isUnchanged({ lines: [...given, line('removed', '-----BEGIN X509 CRL-----')], omitted: 0 })).toBe(
      false,
    )
  })

  test('fold what stayed for long', () => {
    const kept = Array.from({ length: 20 }, (_, index) => line('kept', String(index)))
    const rows = sideBySide({ lines: [...kept, line('added', 'new')], omitted: 0 })
    expect(rows.map(({ kind }) => kind)).toEqual(['kept', 'kept', 'folded', 'kept', 'kept', 'changed'])
    expect(rows[2]).toMatchObject({ lines: { length: 16 } })
  })
})
