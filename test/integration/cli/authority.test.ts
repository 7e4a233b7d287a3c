import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decodeQR } from 'qr/decode.js'
import { afterAll, expect, test } from 'vitest'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { sentences } from '../../../src/contract/text/sentences.ts'
import { fingerprintCode } from '../../../src/domain/fingerprint-code.ts'
import { modulesOf, pictureOf } from '../../support/pki/qr-picture.ts'

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('a dry run of a setup shows the whole plan and changes nothing, not even an authority is made', async () => {
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'])
  const state = async () => [
    (await edgekeep(home, ['domain', 'show', 'shop.test', '--json'])).json(),
    (await edgekeep(home, ['authority', 'show', '--json'])).json(),
    (await edgekeep(home, ['audit', '--json'])).json(),
  ]
  const before = await state()
  const shown = await edgekeep(home, ['setup', 'shop.test', '--dry-run'])
  expect(shown).toMatchObject({ status: 0, err: '' })
  for (const words of [
    '- Turns HTTPS on for shop.test, with a free certificate of the local authority.',
    '- Makes a local authority. Its key stays in the vault.',
    'Nothing was changed.',
  ])
    expect(shown.out).toContain(words)
  expect(shown.out).toMatch(/^- Makes a local authority\./)
  expect(shown.out).not.toContain('BEGIN CERTIFICATE')
  const json = await edgekeep(home, ['setup', 'shop.test', '--dry-run', '--json'])
  expect(json.json()).toMatchObject({ ok: true, plan: { action: 'install' } })
  const words = [
    ['setup', '--undo', '--dry-run'],
    ['trust', 'install', '--dry-run'],
    ['names', 'install', '--dry-run'],
    ['ports', 'install', '--dry-run'],
    ['uninstall', '--dry-run'],
  ]
  for (const line of words) expect(await edgekeep(home, line)).toMatchObject({ status: 0, err: '' })
  expect(await state()).toEqual(before)
})

test('the variables for a shell make eval fail where they cannot be made, and need no command before', async () => {
  const alone = temporaryFolder()
  const empty = temporaryFolder()
  const broken = join(alone, 'broken')
  mkdirSync(join(broken, 'trust/wgetrc'), { recursive: true, mode: 0o700 })
  const failed = await edgekeep(broken, ['trust', 'env'])
  expect([failed.status === 0, failed.out]).toEqual([false, 'false\n'])
  const first = await edgekeep(empty, ['trust', 'env'])
  expect([first.err, first.status]).toEqual(['', 0])
  const bundle = /^export SSL_CERT_FILE=(\S+)/m.exec(first.out)?.[1] ?? ''
  expect(readFileSync(bundle, 'utf8')).toContain((await edgekeep(empty, ['authority', 'export'])).out)
  for (const folder of [alone, empty]) rmSync(folder, { recursive: true })
})

test('the authority is shown, allowed a domain after asking, and exported in PEM and DER', async () => {
  const none = await edgekeep(home, ['authority', 'export', '--json'])
  expect([none.status, none.json().error?.code]).toEqual([1, 'authority.none'])
  for (const words of [['rotate'], ['rotate', '--yes'], ['disallow', 'example.com']]) {
    const refused = await edgekeep(home, ['authority', ...words])
    expect([refused.status, refused.err]).toEqual([
      1,
      'edgekeep: There is no local authority yet. The first free certificate creates it, and so does "edgekeep trust install".\n',
    ])
  }
  expect((await edgekeep(home, ['authority', 'show'])).out).toContain('no local authority yet')
  const made = await edgekeep(home, ['authority', 'allow', 'shop.example.com'])
  expect(made.out).toContain('There was no local authority yet; this is the first one.')
  expect(made.out).toMatch(/May issue for +localhost, test, local, internal, home\.arpa, shop\.example\.com/)
  const again = await edgekeep(home, ['authority', 'allow', 'Shop.example.com'])
  expect([again.status, again.out]).toEqual([0, expect.stringContaining('keeps its root')])
  const unasked = await edgekeep(home, ['authority', 'allow', 'example.org', '--json'])
  expect([unasked.status, unasked.json().error?.code]).toEqual([2, 'usage.wrong'])
  expect(unasked.json().error?.message).toContain('every name under example.org')
  expect(unasked.json().error?.message).toContain(sentences.authorityWidened)
  const replacing = await edgekeep(home, ['authority', 'rotate', '--json'])
  expect(replacing.json().error?.message).toContain(sentences.authorityReplaced)
  const shown = (await edgekeep(home, ['authority', 'show', '--qr'])).out
  const code = shown.slice(shown.indexOf('█')).trimEnd()
  const fingerprint = /^SHA-256 +([0-9a-f]{64})$/m.exec(shown)?.[1] ?? ''
  expect(decodeQR(pictureOf(modulesOf(code)))).toBe(fingerprintCode(fingerprint))
  const pem = await edgekeep(home, ['authority', 'export'])
  const der = join(home, 'root.cer')
  await edgekeep(home, ['authority', 'export', '--format', 'der', '--out', der])
  expect(new X509Certificate(readFileSync(der)).toString()).toBe(new X509Certificate(pem.out).toString())
  const both = (await edgekeep(home, ['authority', 'export', '--chain', 'both'])).out
  const below = new X509Certificate(
    (await edgekeep(home, ['authority', 'export', '--chain', 'intermediate'])).out,
  )
  expect(both).toBe(below.toString() + pem.out)
  expect(below.checkIssued(new X509Certificate(pem.out))).toBe(true)
  const wrong = await edgekeep(home, ['authority', 'export', '--chain', 'both', '--format', 'der'])
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('A DER file holds one certificate')])
})
