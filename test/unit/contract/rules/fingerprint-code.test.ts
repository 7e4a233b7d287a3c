import { encodeQR } from 'qr'
import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { fingerprintCode } from '../../../../src/contract/rules/fingerprint-code.ts'

const fingerprint = 'dcf611e30888d2fd6e723fb02b7928a4d7c4643fda4c6e4d2169262fe5da7c78'

/** The picture of the modules, as a camera gives it. */
function pictureOf(modules: boolean[][]): { width: number; height: number; data: Uint8Array } {
  const scale = 6
  const size = modules.length * scale
  const data = new Uint8Array(size * size * 4).fill(255)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)])
        data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3)
  return { width: size, height: size, data }
}

const said =
  'SHA-256 DC:F6:11:E3:08:88:D2:FD:6E:72:3F:B0:2B:79:28:A4:D7:C4:64:3F:DA:4C:6E:4D:21:69:26:2F:E5:DA:7C:78'

test('the QR code of a fingerprint reads back as phones show one', () => {
  expect(fingerprintCode(fingerprint)).toBe(said)
  expect(decodeQR(pictureOf(encodeQR(said, 'raw', { border: 4 })))).toBe(said)
})

test('the QR code of a terminal is the same one', () => {
  const rows = encodeQR(said, 'term', { border: 4 }).trimEnd().split('\n')
  const modules = rows.map((row) =>
    [...row.matchAll(/\u001B\[([\d;]+)m {2}/g)].map(([, colour = '']) => colour.split(';').includes('40')),
  )
  expect(decodeQR(pictureOf(modules))).toBe(said)
})
