import { expect, test } from 'vitest'
import { hexDump } from '../../../../../src/renderer/ui/primitives/hex.tsx'
import { formatKey, roleOf } from '../../../../../src/renderer/ui/certificate/certificate-facts.tsx'
import { authorityFacts, certificateFacts } from '../../../../support/engine/intake-facts.ts'

test('dumps bytes sixteen a line with their offsets', () => {
  expect(hexDump('30'.repeat(17))).toBe(`0000  ${Array(16).fill('30').join(' ')}\n0010  30`)
  expect(hexDump('')).toBe('')
})

test('names a public key by what tells its strength', () => {
  expect(formatKey({ type: 'EC', curve: 'P-384', bits: 384, spkiSha256: '' })).toBe('EC P-384')
  expect(formatKey({ type: 'RSA', bits: 2048, spkiSha256: '' })).toBe('RSA 2048 bits')
  expect(formatKey({ type: 'Ed25519', bits: 256, spkiSha256: '' })).toBe('Ed25519')
})

test('tells roots, intermediates, leaves and self-signed certificates apart', () => {
  expect(roleOf(authorityFacts('Root', 'CN=Root'))).toBe('root')
  expect(roleOf(authorityFacts('R3', 'CN=Root'))).toBe('authority')
  expect(roleOf(certificateFacts('shop.test'))).toBe('leaf')
  expect(roleOf(certificateFacts('shop.test', { isSelfSigned: true }))).toBe('selfSigned')
})
