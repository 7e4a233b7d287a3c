import { hash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { completeChain } from '../../../../src/engine/inspect/complete-chain.ts'
import { createGuardedClient } from '../../../../src/engine/network-guard/http-client.ts'
import { useAuthorities } from '../../../../src/pki/authorities/known-authorities.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { diagnoseFiles, givenRoots } from '../../../../src/pki/inspect/inspect.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import {
  accessInformation,
  authorityInformationAccess,
  makeCertificate,
  makeKeys,
  moment,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'

let server: Server
let base = ''
let answers: Record<string, { status?: number; body?: Uint8Array; location?: string }> = {}
const asked: string[] = []

beforeEach(async () => {
  asked.length = 0
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body = Buffer.of(), location } = answers[request.url ?? ''] ?? { status: 404 }
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.close()
  useAuthorities()
})

const published = (path: string) => ({
  [authorityInformationAccess]: accessInformation(`${base}${path}`),
})

/** Root, two intermediates and a leaf, each published at the address that the one below names. */
function hierarchy() {
  const root = makeCertificate({ subject: 'Root', authority: true, keys: makeKeys('ec') })
  const upper = makeCertificate({ subject: 'Upper', authority: true, issuer: root, keys: makeKeys('ec') })
  const lower = makeCertificate({
    subject: 'Lower',
    authority: true,
    issuer: upper,
    keys: makeKeys('ec'),
    extensions: published('/upper.crt'),
  })
  const leaf = makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: lower,
    keys: makeKeys('ec'),
    extensions: published('/lower.crt'),
  })
  answers = { '/lower.crt': { body: lower.der }, '/upper.crt': { body: Buffer.from(toPem(upper.der)) } }
  return { root, upper, lower, leaf }
}

const question = (root: MadeCertificate) => {
  const anchors = givenRoots([root.der])
  return { at: moment, anchors, publicRoots: { name: 'none', certificates: [] } }
}
const opened = (...made: MadeCertificate[]) =>
  openIntake([{ name: 'site.pem', bytes: Buffer.from(made.map(({ der }) => toPem(der)).join('')) }])
const onLoopback = () => createGuardedClient(['loopback'])

describe('completing a chain', () => {
  test('gets each missing intermediate from the address that the one below names', async () => {
    const { root, leaf } = hierarchy()
    const intake = opened(leaf)
    expect(diagnoseFiles(intake, question(root)).verification?.ok).toBe(false)
    const addresses = await completeChain(intake, question(root), onLoopback())
    expect(addresses).toEqual([`${base}/lower.crt`, `${base}/upper.crt`])
    expect(diagnoseFiles(intake, question(root)).verification?.ok).toBe(true)
  })

  test('asks nobody where nothing is missing', async () => {
    const { root, upper, lower, leaf } = hierarchy()
    expect(await completeChain(opened(leaf, lower, upper), question(root), onLoopback())).toEqual([])
    expect(asked).toEqual([])
  })

  test('takes no other certificate than the one that issued it', async () => {
    const { root, leaf, upper } = hierarchy()
    answers['/lower.crt'] = { body: upper.der }
    await expect(completeChain(opened(leaf), question(root), onLoopback())).rejects.toThrow(
      /is not the certificate that issued “shop\.test”/,
    )
  })

  test('takes no other key under the name of a known authority', async () => {
    const { root, leaf, lower } = hierarchy()
    const own = hash('sha256', certificateOf(lower.der).spki)
    useAuthorities([{ name: 'Lower', spkiSha256: 'a'.repeat(64), certificates: [] }])
    await expect(completeChain(opened(leaf), question(root), onLoopback())).rejects.toThrow(/is not the/)
    useAuthorities([{ name: 'Lower', spkiSha256: own, certificates: [] }])
    await expect(completeChain(opened(leaf), question(root), onLoopback())).resolves.toHaveLength(2)
  })

  test.each([
    ['a redirect', { status: 302, location: 'http://169.254.169.254/' }, /status 302/],
    ['an error', { status: 500 }, /status 500/],
    ['more than 64 KB', { body: Buffer.alloc(65 * 1024) }, /longer than 64 KB/],
    ['a page', { body: Buffer.from('<html>no</html>') }, /is not the certificate/],
  ])('refuses %s', async (_, answer, reason) => {
    const { root, leaf } = hierarchy()
    answers['/lower.crt'] = answer
    await expect(completeChain(opened(leaf), question(root), onLoopback())).rejects.toThrow(reason)
    expect(asked).toEqual(['/lower.crt'])
  })

  test('asks no address of this computer or its network', async () => {
    const { root, leaf } = hierarchy()
    const answer = completeChain(opened(leaf), question(root))
    await expect(answer).rejects.toThrow(/on this computer or in its network/)
    await expect(answer).rejects.toMatchObject({ code: 'input.file_unreadable' })
    expect(asked).toEqual([])
  })

  test('reads no file and asks no other protocol', async () => {
    const { root, lower } = hierarchy()
    const extensions = { [authorityInformationAccess]: accessInformation('file:///etc/passwd') }
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: lower, extensions })
    await expect(completeChain(opened(leaf), question(root), onLoopback())).rejects.toThrow(/only http/)
  })
})

describe('published facts of an authority', () => {
  test('name the address of an intermediate that the certificate itself does not name', async () => {
    const { root, lower, upper } = hierarchy()
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: lower })
    useAuthorities([fact('Lower', lower, { issuer: 'Upper', serial: '1', address: `${base}/lower.crt` })])
    const { diagnosis } = diagnoseFiles(opened(leaf, upper), question(root))
    expect(diagnosis.nextStep).toContain(`${base}/lower.crt`)
    await expect(completeChain(opened(leaf), question(root), onLoopback())).resolves.toHaveLength(2)
  })

  test('advise the cross-sign in place of a self-signed root, and complete with it', async () => {
    const keys = makeKeys('ec')
    const old = makeCertificate({ subject: 'Old', authority: true, keys: makeKeys('ec') })
    const young = makeCertificate({ subject: 'Young', authority: true, keys })
    const cross = makeCertificate({ subject: 'Young', authority: true, keys, issuer: old })
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: young })
    answers = { '/cross.crt': { body: cross.der } }
    useAuthorities([fact('Young', young, { issuer: 'Old', serial: '1', address: `${base}/cross.crt` })])
    const intake = opened(leaf, young)
    expect(diagnoseFiles(intake, question(old)).diagnosis).toMatchObject({
      sentence:
        '“Young” is here as a self-signed root, which clients do not trust: the one issued by “Old” is missing.',
      nextStep: `Take the cross-signed “Young” in its place, from ${base}/cross.crt.`,
    })
    expect(await completeChain(intake, question(old), onLoopback())).toEqual([`${base}/cross.crt`])
    expect(diagnoseFiles(intake, question(old)).verification?.ok).toBe(true)
  })

  test('refuse a revoked cross-sign from the day of its replacement, and take the new one', () => {
    const keys = makeKeys('ec')
    const old = makeCertificate({ subject: 'Old', authority: true, keys: makeKeys('ec') })
    const [revoked, current] = [0xfa_a6n, 0xf2_4bn].map((serial) =>
      makeCertificate({ subject: 'Young', authority: true, keys, issuer: old, serial }),
    ) as [MadeCertificate, MadeCertificate]
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: current })
    useAuthorities([
      fact(
        'Young',
        current,
        { issuer: 'Old', serial: 'f24b', address: 'https://ca.test/young.pem' },
        { issuer: 'Old', serial: 'faa6', replaced: '2026-05-13' },
      ),
    ])
    const { diagnosis, verification } = diagnoseFiles(opened(leaf, revoked), question(old))
    expect(verification?.answers.authority.code).toBe('revoked')
    expect(diagnosis.sentence).toBe(
      'The intermediate “Young” was revoked by “Old”, which issued another one in its place on 13 May 2026.',
    )
    expect(diagnosis.nextStep).toContain('from https://ca.test/young.pem')
    expect(diagnoseFiles(opened(leaf, revoked, current), question(old)).verification?.ok).toBe(true)
    const before = { ...question(old), at: new Date('2026-05-12T00:00:00Z') }
    expect(diagnoseFiles(opened(leaf, revoked), before).verification?.ok).toBe(true)
  })
})

type Facts = Parameters<typeof useAuthorities>[0] & {}

function fact(name: string, made: MadeCertificate, ...certificates: Facts[number]['certificates']) {
  return { name, spkiSha256: hash('sha256', certificateOf(made.der).spki), certificates }
}
