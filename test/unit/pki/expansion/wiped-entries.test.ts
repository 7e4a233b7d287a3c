import { packTar } from 'modern-tar'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withUploads } from '../../../../src/engine/core/uploads.ts'
import { expandFiles } from '../../../../src/pki/expansion/expand-files.ts'
import type { InputFile } from '../../../../src/pki/formats/read-file.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { makeZip, type ZipEntry } from '../../../support/pki/zip-maker.ts'

/** Buffers that the tar library copied into. */
const copies: Uint8Array[] = []
/** Contents of the buffers that were zeroed. */
const zeroed: string[] = []

const { leafPem, keyPem } = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const key = { name: 'shop.key', content: keyPem }
const other = { name: 'notes.txt', content: 'secret notes' }

async function upload(name: string, bytes: Uint8Array): Promise<(string | undefined)[]> {
  const file = new File([new Uint8Array(bytes)], name)
  return withUploads([file], (files) => files.map(({ problem }) => problem?.code))
}

const tarOf = (...entries: { name: string; content: string }[]) =>
  packTar(entries.map(({ name, content }) => ({ header: { name, size: content.length }, body: content })))

const timesZeroed = (content: string) => zeroed.filter((one) => one === content).length

beforeEach(() => {
  copies.splice(0)
  zeroed.splice(0)
  const { set } = Uint8Array.prototype
  vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, ...given) {
    copies.push(this)
    set.apply(this, given)
  })
  for (const prototype of [Uint8Array.prototype, Buffer.prototype]) {
    const { fill } = prototype
    vi.spyOn(prototype, 'fill').mockImplementation(function (this: Uint8Array, ...given: [number]) {
      if (given[0] === 0) zeroed.push(Buffer.from(this).toString('latin1'))
      return fill.apply(this, given)
    } as typeof fill)
  }
})
afterEach(() => void vi.restoreAllMocks())

test('the entries of a zip, and what they were inflated from, are zeroed after use', async () => {
  expect(await upload('shop.zip', makeZip([key, other]))).toEqual([undefined])
  expect(timesZeroed(key.content)).toBe(2)
  expect(timesZeroed(other.content)).toBe(2)
})

test.each<[string, ZipEntry]>([
  ['input.archive_malformed', { name: 'shop.crt', content: leafPem, encrypted: true }],
  ['input.archive_path', { name: '../shop.crt', content: leafPem }],
])('the key of a zip that is refused by %s at a later entry is zeroed', async (code, later) => {
  expect(await upload('shop.zip', makeZip([key, later]))).toEqual([code])
  expect(timesZeroed(key.content)).toBe(2)
})

test('the copies that the tar library makes of entries are zeroed after use', async () => {
  const tar = await tarOf(key, other)
  copies.splice(0)
  expect(await upload('shop.tar', tar)).toEqual([undefined])
  const made = copies.filter(({ length }) => [key, other].some(({ content }) => content.length === length))
  expect(made).toHaveLength(2)
  expect(made.filter((bytes) => bytes.some((octet) => octet !== 0))).toEqual([])
})

test('nothing of a tar is copied before all of it is checked', async () => {
  const tar = await tarOf(key, { name: '../shop.crt', content: leafPem })
  copies.splice(0)
  const [refused] = await expandFiles<InputFile>([{ name: 'shop.tar', bytes: new Uint8Array(tar) }])
  expect(refused?.problem?.code).toBe('input.archive_path')
  expect(copies.filter((bytes) => Buffer.from(bytes).includes('PRIVATE KEY'))).toEqual([])
})
