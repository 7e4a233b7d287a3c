import { expect, test } from 'vitest'
import { uploadsInTurn, withUploads } from '../../../../src/engine/core/uploads.ts'
import type { InputFile } from '../../../../src/pki/intake/intake.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { makeZip } from '../../../support/pki/zip-maker.ts'

const { leafPem, keyPem } = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const zip = makeZip([
  { name: 'shop.crt', content: leafPem },
  { name: 'shop.key', content: keyPem, deflated: true },
])
const upload = () => new File([new Uint8Array(zip)], 'shop.zip')

test('wipes the keys that an uploaded archive expands to', async () => {
  const seen: InputFile[] = []
  await withUploads([upload()], (files) => {
    seen.push(...files)
    expect(files.map(({ name }) => name)).toEqual(['shop.zip/shop.crt', 'shop.zip/shop.key'])
    expect(Buffer.from(files[1]?.bytes ?? []).toString()).toBe(keyPem)
  })
  expect(seen.every(({ bytes }) => bytes.length > 0 && bytes.every((byte) => byte === 0))).toBe(true)
})

test('expands an archive among many files', async () => {
  const [read] = uploadsInTurn([upload()])
  expect((await read?.())?.map(({ name }) => name)).toEqual(['shop.zip/shop.crt', 'shop.zip/shop.key'])
})
