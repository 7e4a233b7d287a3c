import { generateKeyPairSync } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { containerKind } from '../../../../src/pki/expansion/container-kind.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const der = privateKey.export({ format: 'der', type: 'pkcs8' })
/** Start of the private value in the DER of a key on this curve. */
const valueAt = 36
const derWithColon = Buffer.from(der)
derWithColon[valueAt + 20] = ':'.charCodeAt(0)
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })

test.each<[string, Buffer]>([
  ['a key in DER with a colon in it', derWithColon],
  ['a key that begins like a field, before a blank line', Buffer.from(`Private-Key: (256 bit)\n${pem}\n\n`)],
  ['a key that is appended to the header of a mail', Buffer.from(`From: a\nMIME-Version: 1.0\n${pem}\n\n`)],
])('%s does not become a string', (_, bytes) => {
  const texts = [vi.spyOn(Buffer.prototype, 'toString'), vi.spyOn(RegExp.prototype, 'test')]
  try {
    containerKind(bytes)
    expect(texts[1]?.mock.calls).toEqual([])
    const longest = texts[0]?.mock.results.map(({ value }) => String(value).length) ?? []
    expect(Math.max(...longest)).toBeLessThanOrEqual(4)
  } finally {
    texts.forEach((each) => each.mockRestore())
  }
})

test.each<[string, string, string | undefined]>([
  ['fields in any case', 'FROM: a\r\ncontent-TYPE: text/plain\r\n\r\nx', 'mail'],
  ['fields without a body', 'From: a\nContent-Type: text/plain\n', undefined],
  ['no field of MIME', 'From: a\nTo: b\n\nContent-Type: text/plain', undefined],
  ['no field of a mail', 'Host: a\nContent-Type: text/plain\n\nx', undefined],
  ['a name with a space', 'From me: a\nFrom: a\nContent-Type: text/plain\n\nx', undefined],
  ['a name in the middle of a line', 'Host: from: a\nContent-Type: text/plain\n\nx', undefined],
])('recognises a mail by the fields of its header: %s', (_, text, kind) => {
  expect(containerKind(Buffer.from(text))).toBe(kind)
})
