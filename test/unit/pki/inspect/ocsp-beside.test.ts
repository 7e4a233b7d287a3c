import { expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { diagnoseFiles, givenRoots } from '../../../../src/pki/inspect/inspect.ts'
import { readOcspBeside, withGivenOcsp, withOcspBeside } from '../../../../src/pki/inspect/ocsp-beside.ts'
import { revokedAmong } from '../../../../src/pki/inspect/revoked-among.ts'
import { type InputFile, openIntake } from '../../../../src/pki/intake/intake.ts'
import { answerOcsp, type OcspStatus } from '../../../../src/pki/issue/ocsp-answer.ts'
import { ocspRequest, readOcspRequest } from '../../../../src/pki/ocsp/request.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import {
  makeCertificate,
  makeChain,
  makeKeys,
  type MadeCertificate,
  moment,
} from '../../../support/pki/certificate-maker.ts'

const { root, intermediate, leaf } = makeChain({
  root: { keys: makeKeys('ec') },
  intermediate: { keys: makeKeys('ec') },
  leaf: { keys: makeKeys('ec') },
})
const dayMs = 86_400_000
const yesterday = new Date(moment.getTime() - dayMs)
const revoked: OcspStatus = { status: 'revoked', at: yesterday, reason: 1 }

function response(about: MadeCertificate, issuer: MadeCertificate, status: OcspStatus, signer = issuer) {
  const asked = readOcspRequest(ocspRequest(certificateOf(about.der), certificateOf(issuer.der)))
  const keyPem = Buffer.from(signer.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const material = { certificatePem: toPem(issuer.der), keyPem }
  const until = new Date(moment.getTime() + dayMs)
  const times = { at: yesterday, until, statusOf: () => status }
  return {
    name: 'shop.ocsp',
    bytes: answerOcsp(asked, { issuer: certificateOf(issuer.der), material }, times),
  }
}

function judged(answer: InputFile, { at = moment, anchors = [root] } = {}) {
  const chain = { name: 'chain.pem', bytes: Buffer.from(toPem(leaf.der) + toPem(intermediate.der)) }
  using intake = openIntake([chain, answer])
  const question = { at, anchors: givenRoots(anchors.map(({ der }) => der)) }
  const { diagnosis, others, verification } = diagnoseFiles(intake, {
    ...question,
    publicRoots: { name: 'public roots', certificates: [] },
  })
  const { report } = intake
  return { diagnosis, others, verification, problems: report.problems, unread: intake.unread(), report }
}

test('a response of the issuer that says revoked is the verdict, and no unreadable file', () => {
  const found = judged(response(leaf, intermediate, revoked))
  expect(found.verification).toMatchObject({
    ok: false,
    path: [],
    answers: { authority: { code: 'revoked' } },
  })
  expect(found.diagnosis).toMatchObject({
    situation: 'revoked',
    severity: 'bad',
    sentence: expect.stringMatching(
      /^The certificate for shop\.test was revoked by its issuer on .*: its key was compromised \(shop\.ocsp\)\.$/,
    ),
  })
  expect(found.problems).toEqual([])
  expect(found.unread).toEqual([])
  expect(found.others.map(({ situation }) => situation)).not.toContain('partly-unreadable')
})

test('a revocation comes before an authority that is not trusted, and holds after the response has ended', () => {
  const answer = response(leaf, intermediate, revoked)
  expect(judged(answer, { anchors: [] }).diagnosis.situation).toBe('revoked')
  const later = new Date(moment.getTime() + 3 * dayMs)
  expect(judged(answer, { at: later }).diagnosis.situation).toBe('revoked')
})

test('an intermediate that its root has revoked is named', () => {
  expect(judged(response(intermediate, root, revoked)).diagnosis.sentence).toMatch(
    /^The intermediate “Intermediate” was revoked by its issuer on .* \(shop\.ocsp\)\.$/,
  )
})

test.each([
  ['says good', response(leaf, intermediate, { status: 'good' })],
  ['is about another certificate', response(root, root, revoked)],
  [
    'revokes it later',
    response(leaf, intermediate, { ...revoked, at: new Date(moment.getTime() + dayMs) } as OcspStatus),
  ],
])('a response that %s changes no verdict', (_, answer) => {
  const { verification, diagnosis, report } = judged(answer)
  expect(verification?.ok).toBe(true)
  expect(diagnosis.severity).toBe('good')
  expect(report.pieces.find(({ kind }) => kind === 'ocsp')?.words).toHaveLength(1)
})

test.each([
  [
    response(leaf, intermediate, revoked, root),
    /says “revoked” of it, but it is signed neither by the issuer/,
  ],
  [response(leaf, intermediate, { status: 'unknown' }), /but the responder does not know the certificate/],
])('a response that does not clear the certificate is a warning with its reason', (answer, expected) => {
  const { verification, diagnosis } = judged(answer)
  expect(verification?.ok).toBe(true)
  expect(diagnosis).toMatchObject({
    situation: 'ocsp-doubt',
    severity: 'attention',
    sentence: expect.stringMatching(expected),
  })
})

test.each([
  [{ status: 'good' }, intermediate, true, 'ok'],
  [revoked, intermediate, false, 'revoked'],
  [{ status: 'unknown' }, intermediate, false, 'revocation_unknown'],
  [{ status: 'good' }, root, false, 'revocation_unknown'],
] as [OcspStatus, MadeCertificate, boolean, string][])(
  'responses that were asked for have to clear the certificate: %j',
  (status, signer, ok, code) => {
    const { verification } = judged(response(leaf, intermediate, { status: 'good' }))
    const path = [leaf.der, intermediate.der]
    const { bytes: der } = response(leaf, intermediate, status, signer)
    const responses = readOcspBeside([{ file: 'a.ocsp', der }])
    const inputs = { path, others: path, responses, anchors: givenRoots([root.der]), at: moment }
    const given = withGivenOcsp(verification!, inputs)
    expect(given).toMatchObject({ ok, answers: { authority: { code } } })
  },
)

test('each response of a flood is read once, not for each certificate and issuer again', () => {
  const twins = Array.from({ length: 10 }, () =>
    makeCertificate({ subject: 'Intermediate', issuer: root, keys: intermediate.keys, authority: true }),
  )
  const { bytes } = response(leaf, intermediate, revoked, root)
  let reads = 0
  const responses = Array.from({ length: 30 }, (_, at) => ({
    file: `${at}.ocsp`,
    get der() {
      reads += 1
      return bytes
    },
  }))
  const anchors = givenRoots([root.der])
  const good = response(leaf, intermediate, { status: 'good' })
  const { verification } = judged(good)
  const others = [intermediate, ...twins].map(({ der }) => der)
  const path = [leaf, intermediate].map(({ der }) => der)
  const read = readOcspBeside(responses)
  withOcspBeside(verification!, { path, others, responses: read, anchors, at: moment })
  expect(reads).toBe(responses.length)
})

test('a list of certificates has those that a response beside them revokes', () => {
  const chain = { name: 'chain.pem', bytes: Buffer.from(toPem(leaf.der) + toPem(intermediate.der)) }
  using intake = openIntake([chain, response(leaf, intermediate, revoked)])
  expect([...revokedAmong(intake, moment).values()]).toEqual([
    expect.stringMatching(/^It was revoked by its issuer on .* \(shop\.ocsp\)\.$/),
  ])
})
