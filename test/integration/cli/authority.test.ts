import { X509Certificate } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decodeQR } from 'qr/decode.js'
import { afterAll, expect, test } from 'vitest'
import { edgekeep } from '../../support/cli.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { fingerprintCode } from '../../../src/contract/rules/fingerprint-code.ts'
import { modulesOf, pictureOf } from '../../support/qr-picture.ts'

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('the authority is shown, allowed a domain after asking, and exported in PEM and DER', async () => {
  const none = await edgekeep(home, ['authority', 'export', '--json'])
  expect([none.status, none.json().error?.code]).toEqual([1, 'authority.none'])
  const made = await edgekeep(home, ['authority', 'allow', 'shop.example.com'])
  expect(made.out).toMatch(/May issue for +localhost, test, internal, home\.arpa, shop\.example\.com/)
  const unasked = await edgekeep(home, ['authority', 'allow', 'example.org', '--json'])
  expect([unasked.status, unasked.json().error?.code]).toEqual([2, 'usage.wrong'])
  expect(unasked.json().error?.message).toContain('every name under example.org')
  const shown = (await edgekeep(home, ['authority', 'show', '--qr'])).out
  const code = shown.slice(shown.indexOf('█')).trimEnd()
  const fingerprint = /^SHA-256 +([0-9a-f]{64})$/m.exec(shown)?.[1] ?? ''
  expect(decodeQR(pictureOf(modulesOf(code)))).toBe(fingerprintCode(fingerprint))
  const pem = await edgekeep(home, ['authority', 'export'])
  const der = join(home, 'root.cer')
  await edgekeep(home, ['authority', 'export', '--format', 'der', '--out', der])
  expect(new X509Certificate(readFileSync(der)).toString()).toBe(new X509Certificate(pem.out).toString())
})
