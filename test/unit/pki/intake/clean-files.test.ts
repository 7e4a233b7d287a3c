import { expect, test } from 'vitest'
import { cleanFilesSchema } from '../../../../src/contract/inspect/clean-files.ts'
import { cleanFiles } from '../../../../src/pki/intake/clean-files.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { commonName, makeCertificate, makeChain, makeKeys } from '../../../support/pki/certificate-maker.ts'

const { root, intermediate, leaf } = makeChain({
  intermediate: { keys: makeKeys('ec') },
  leaf: { keys: makeKeys('ec') },
})
const pem = (...made: { der: Uint8Array }[]) => made.map(({ der }) => toPem(der)).join('')
const key = leaf.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

function cleaned(...texts: string[]) {
  const intake = openIntake(texts.map((text, index) => ({ name: `${index}.pem`, bytes: Buffer.from(text) })))
  const clean = cleanFilesSchema.parse(cleanFiles(intake))
  intake[Symbol.dispose]()
  return clean
}

test('files in disorder come out clean: leaf first, no root, and the fixes with their diff', () => {
  const { files, fixes, diff, hasKey } = cleaned(`hello\n${pem(root, intermediate, leaf)}`, key)
  expect(files.map(({ kind, fileName, pem: text }) => [kind, fileName, text])).toEqual([
    ['bundle', 'shop.test.fullchain.pem', pem(leaf, intermediate)],
    ['leaf', 'shop.test.crt.pem', pem(leaf)],
    ['chain', 'shop.test.chain.pem', pem(intermediate)],
  ])
  expect(fixes.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['root-removed', 'reordered', 'rewrapped']),
  )
  expect(diff?.lines.some(({ change }) => change === 'removed')).toBe(true)
  expect(hasKey).toBe(true)
})

test('a name of forty thousand dots makes a short file name', () => {
  const dotted = makeCertificate({ subject: commonName(`.a${'.'.repeat(40_000)}a.`) })
  expect(cleaned(pem(dotted)).files.map(({ fileName }) => fileName)).toEqual(['a.fullchain.pem', 'a.crt.pem'])
})

test('the key is in no file and in no line of the diff', () => {
  const text = JSON.stringify(cleaned(pem(leaf, intermediate), key))
  expect(text).not.toContain(key.split('\n')[1])
})

test('a certificate without key and chain is a bundle of itself, without a diff', () => {
  const { files, diff, hasKey } = cleaned(pem(leaf))
  expect({ kinds: files.map(({ kind }) => kind), diff, hasKey }).toEqual({
    kinds: ['bundle', 'leaf'],
    diff: null,
    hasKey: false,
  })
})

test('a name that could be a path is none in the file name', () => {
  const odd = makeCertificate({ subject: '../../etc/passwd', names: ['a.test'] })
  expect(cleaned(pem(odd)).files[0]?.fileName).toBe('etc-passwd.fullchain.pem')
  const wildcard = makeCertificate({ subject: '*.shop.test', names: ['*.shop.test'] })
  expect(cleaned(pem(wildcard)).files[0]?.fileName).toBe('wildcard.shop.test.fullchain.pem')
})

test('a name in letters beyond ASCII makes a file name in A-labels', () => {
  const named = makeCertificate({ subject: commonName('*.xn--mnchen-3ya.test') })
  expect(cleaned(pem(named)).files.map(({ fileName }) => fileName)).toEqual([
    'wildcard.xn--mnchen-3ya.test.fullchain.pem',
    'wildcard.xn--mnchen-3ya.test.crt.pem',
  ])
})
