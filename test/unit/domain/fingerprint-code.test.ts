import { encodeQR } from 'qr'
import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { pictureOf } from '../../support/pki/qr-picture.ts'
import { fingerprintCode } from '../../../src/domain/fingerprint-code.ts'

const fingerprint = 'dcf611e30888d2fd6e723fb02b7928a4d7c4643fda4c6e4d2169262fe5da7c78'

const said =
  'SHA-256 DC:F6:11:E3:08:88:D2:FD:6E:72:3F:B0:2B:79:28:A4:D7:C4:64:3F:DA:4C:6E:4D:21:69:26:2F:E5:DA:7C:78'

test('the QR code of a fingerprint reads back as phones show one', () => {
  expect(fingerprintCode(fingerprint)).toBe(said)
  expect(decodeQR(pictureOf(encodeQR(said, 'raw', { border: 4 })))).toBe(said)
})
