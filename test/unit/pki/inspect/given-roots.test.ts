import { expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { diagnoseFiles, givenRoots } from '../../../../src/pki/inspect/inspect.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import {
  makeCertificate,
  makeKeys,
  type MadeCertificate,
  moment,
} from '../../../support/pki/certificate-maker.ts'

const authority = (subject: string, issuer?: MadeCertificate) =>
  makeCertificate({ subject, authority: true, keys: makeKeys('ec'), ...(issuer && { issuer }) })
const root = authority('Newcomer Root')
const issuing = authority('Newcomer Issuing', root)
const leaf = makeCertificate({
  subject: 'shop.test',
  names: ['shop.test'],
  issuer: issuing,
  keys: makeKeys('ec'),
})

function sentence(files: MadeCertificate[], roots: MadeCertificate[]): string {
  const bytes = Buffer.from(files.map(({ der }) => toPem(der)).join(''))
  using intake = openIntake([{ name: 'shop.pem', bytes }])
  const anchors = givenRoots(roots.map(({ der }) => der))
  const publicRoots = { name: 'public roots', certificates: [] }
  const { diagnosis, others } = diagnoseFiles(intake, { at: moment, anchors, publicRoots })
  return [diagnosis, ...others].map((one) => one.sentence).join(' ')
}

test('the intermediate below a given root is missing, and the root is not', () => {
  expect(sentence([leaf], [root])).toContain(
    'The intermediate “Newcomer Issuing” between shop.test and “Newcomer Root” is missing.',
  )
})

test('a given root of another authority is told from the issuer', () => {
  expect(sentence([leaf], [authority('Other')])).toContain(
    '“Newcomer Issuing”, which issued shop.test, is missing: “Other” given as trusted did not issue it.',
  )
})

test('a chain that is not trusted leads to its root, which did not issue the certificate itself', () => {
  expect(sentence([leaf, issuing], [])).toContain(
    'The certificate for shop.test leads to “Newcomer Root”, which is not trusted here.',
  )
  expect(sentence([leaf], [])).toContain(
    'The certificate for shop.test was issued by “Newcomer Issuing”, which is not trusted here.',
  )
})
