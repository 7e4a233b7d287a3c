import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportProgram } from '../../../src/contract/imports/imports.ts'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const authority = createTestAuthority()
const { chainPem, keyPem } = issueTestLeaf(authority, { names: ['shop.test'] })

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

async function read(kind: ImportProgram, folder: string) {
  using setup = await readSetup(importKinds[kind], folder)
  const texts = setup.open().map(({ bytes }) => bytes.toString('utf8'))
  const anchors = setup.anchors.map((path) => path.slice(folder.length + 1))
  return { texts, anchors, notes: setup.notes.map(({ what, why }) => `${what}: ${why}`) }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

test.each<[ImportProgram, Record<string, string>]>([
  [
    'acme.sh',
    { 'shop.test_ecc/fullchain.cer': chainPem, 'shop.test_ecc/shop.test.key': keyPem, 'account.conf': '' },
  ],
  [
    'lego',
    {
      'certificates/shop.test.crt': chainPem,
      'certificates/shop.test.key': keyPem,
      'certificates/shop.test.issuer.crt': chainPem,
    },
  ],
  ['mkcert', { 'shop.test.pem': chainPem, 'shop.test-key.pem': keyPem }],
  ['devcert', { 'domains/shop.test/certificate.crt': chainPem, 'domains/shop.test/private-key.key': keyPem }],
  [
    'traefik',
    {
      'acme.json': JSON.stringify({
        le: {
          Account: {},
          Certificates: [
            {
              domain: { main: 'shop.test' },
              certificate: base64(chainPem),
              key: base64(keyPem),
              Store: 'default',
            },
          ],
        },
        other: { Certificates: null },
      }),
    },
  ],
])('the certificates of %s are found with their keys', async (kind, files) => {
  expect(await read(kind, folderWith(files))).toEqual({ texts: [chainPem, keyPem], anchors: [], notes: [] })
})

test('the links of Certbot are followed, and a certificate without its key is named', async () => {
  const folder = folderWith({
    'archive/shop.test/fullchain1.pem': chainPem,
    'archive/shop.test/privkey1.pem': keyPem,
    'live/README': '',
    'live/old.test/fullchain.pem': chainPem,
  })
  mkdirSync(join(folder, 'live/shop.test'))
  for (const name of ['fullchain', 'privkey'])
    symlinkSync(`../../archive/shop.test/${name}1.pem`, join(folder, `live/shop.test/${name}.pem`))
  const { texts, notes } = await read('certbot', folder)
  expect(texts).toEqual([chainPem, keyPem])
  expect(notes).toEqual(['old.test: Its private key is not where this program keeps it.'])
})

test('the authority of mkcert is an anchor, and its key is never opened', async () => {
  const folder = folderWith({ 'rootCA.pem': authority.certificatePem, 'rootCA-key.pem': keyPem })
  expect(await read('mkcert', folder)).toEqual({ texts: [], anchors: ['rootCA.pem'], notes: [] })
})

test('an acme.json of something else is refused without its text', async () => {
  const folder = folderWith({
    'acme.json': JSON.stringify({ le: { Certificates: [{ key: base64(keyPem) }] } }),
  })
  const refused: unknown = await read('traefik', folder).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'import.unreadable' })
  expect(foundInText(String(refused), needlesOf(keyPem))).toEqual([])
})

test('a setup without the file that it begins with is refused with the reason', async () => {
  await expect(read('valet', temporaryFolder())).rejects.toMatchObject({
    code: 'import.unreadable',
    data: { reason: 'there is no such file' },
  })
})
