import { describe, expect, test } from 'vitest'
import { filesOrText, isPem } from '../../../../../src/renderer/ui/forms/transferred-files.ts'

function transfer(text: string, files: File[] = []): DataTransfer {
  return { files, items: [], getData: () => text } as unknown as DataTransfer
}

describe('taking a paste', () => {
  test('makes a file of pasted text', async () => {
    const [file] = await filesOrText(transfer('-----BEGIN PRIVATE KEY-----'), 'pasted key')
    expect(file?.name).toBe('pasted key')
    expect(await file?.text()).toBe('-----BEGIN PRIVATE KEY-----')
  })

  test('takes copied files rather than the paths beside them', async () => {
    const copied = new File(['x'], 'shop.pem')
    expect(await filesOrText(transfer('/tmp/shop.pem', [copied]), 'pasted key')).toEqual([copied])
  })

  test('takes nothing from an empty paste', async () => {
    expect(await filesOrText(transfer(' \n'), 'pasted key')).toEqual([])
  })

  test('tells a PEM block that arrives as input from typing', () => {
    expect(isPem('-----BEGIN EC PRIVATE KEY-----\nMHc=')).toBe(true)
    expect(isPem('a')).toBe(false)
    expect(isPem(null)).toBe(false)
  })
})
