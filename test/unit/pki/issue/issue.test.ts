import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { localSuffixes } from '../../../../src/domain/authority-scope.ts'
import {
  createIntermediate,
  asIssuer,
  createRoot,
  permittedSuffixes,
} from '../../../../src/pki/issue/authority-certificates.ts'
import { certificateFacts, certificateInPem, chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { requireWithin } from '../../../../src/pki/issue/leaf-names.ts'
import { issueLeaf } from '../../../../src/pki/issue/issue.ts'

const at = new Date('2026-11-24T12:00:00.500Z')
const suffixes = [...localSuffixes, 'shop.example.com']
const made = { at, host: 'workshop', generation: 1 }
const rootMaterial = await createRoot({ ...made, suffixes })
const issuer = asIssuer(await createIntermediate({ ...made, root: asIssuer(rootMaterial) }))
const root = new X509Certificate(rootMaterial.certificatePem)
const intermediate = new X509Certificate(issuer.certificatePem)
const issue = async (...names: string[]) => {
  const issued = await issueLeaf({ issuer, names, at })
  return {
    ...issued,
    x509: new X509Certificate(issued.chainPem),
    facts: certificateFacts(chainFromPem(issued.chainPem)[0]!),
  }
}
const extensionOf = (certificate: X509Certificate, name: string) =>
  certificateFacts(certificate.raw).extensions.find((found) => found.name === name)

describe('the root of the local authority', () => {
  test('is named for the computer and lives ten years, backdated by a year', () => {
    expect(certificateFacts(root.raw)).toMatchObject({
      subject: 'CN=Edgekeep local authority (workshop)',
      notBefore: '2025-11-23T12:00:00.000Z',
      notAfter: '2036-11-21T10:59:59.000Z',
      isSelfSigned: true,
      isCa: true,
    })
  })

  test('has one level of authorities below it, and its intermediate none', () => {
    expect(extensionOf(root, 'Basic Constraints')?.words).toContain('at most one authority below it')
    expect(extensionOf(intermediate, 'Basic Constraints')?.words).toContain('no authorities below it')
  })

  test('keeps a long host name within the 64 characters of a common name, with its generation', async () => {
    const { certificatePem } = await createRoot({ at, host: 'h'.repeat(80), generation: 12, suffixes })
    const { subject } = new X509Certificate(certificatePem)
    expect(subject).toHaveLength('CN='.length + 64)
    expect(subject).toMatch(/\) 12$/)
  })
})

describe.each([
  ['the root', root],
  ['the intermediate', intermediate],
])('%s', (_, certificate) => {
  test('may sign certificates of TLS servers and revocation lists', () => {
    const facts = certificateFacts(certificate.raw)
    expect(facts.keyUsage).toEqual(['certificate signing', 'CRL signing'])
    expect(facts.extendedKeyUsage).toEqual(['TLS server authentication'])
    expect(extensionOf(certificate, 'Basic Constraints')).toMatchObject({ critical: true })
  })

  test('is held by critical name constraints to its suffixes and local addresses', () => {
    const constraints = extensionOf(certificate, 'Name Constraints')
    expect(constraints).toMatchObject({ critical: true })
    expect(constraints?.words).toContain('permitted IP 127.0.0.0/8')
    expect(permittedSuffixes(certificate.toString())).toEqual(suffixes)
  })
})

test('the constraints of an issuer are decoded once for all names that are compared with them', async () => {
  const { certificatePem } = await createRoot({ ...made, generation: 7, suffixes })
  const { nameConstraints } = certificateInPem(certificatePem).decoded
  for (let count = 0; count < 100; count += 1)
    requireWithin(certificatePem, { dns: [`n${count}.shop.test`], ip: ['10.0.0.1'], email: [] })
  expect(nameConstraints).toBeDefined()
  expect(certificateInPem(certificatePem).decoded.nameConstraints).toBe(nameConstraints)
})

test('the intermediate is signed by the root and lives three years', () => {
  expect(intermediate.verify(root.publicKey)).toBe(true)
  expect(intermediate.checkIssued(root)).toBe(true)
  expect(certificateFacts(intermediate.raw)).toMatchObject({ notAfter: '2029-11-23T10:59:59.000Z' })
})

describe('a certificate it issues', () => {
  test('is signed by the intermediate, which comes with it, and covers the names given', async () => {
    const { x509, keyPem, facts, chainPem } = await issue('*.shop.test', '127.0.0.1', '::1')
    expect(x509.verify(intermediate.publicKey)).toBe(true)
    expect(x509.checkIssued(intermediate)).toBe(true)
    expect(chainFromPem(chainPem).map((der) => new X509Certificate(der).subject)).toEqual([
      'CN=*.shop.test',
      'CN=Edgekeep local intermediate (workshop)',
    ])
    expect(facts.names).toMatchObject({ dns: ['*.shop.test'], ip: ['127.0.0.1', '::1'] })
    expect(x509.checkPrivateKey(createPrivateKey(keyPem.bytes))).toBe(true)
  })

  test('is what BoringSSL and Apple ask for: 397 days at most, serverAuth, digitalSignature, a SAN', async () => {
    const { facts } = await issue('shop.test')
    expect(facts).toMatchObject({
      notBefore: '2026-11-24T11:00:00.000Z',
      notAfter: '2027-12-26T10:59:59.000Z',
      keyUsage: ['digital signature'],
      extendedKeyUsage: ['TLS server authentication'],
    })
    expect(facts.extensions.map(({ name, critical }) => `${name}${critical ? '!' : ''}`)).toEqual([
      'Basic Constraints!',
      'Key Usage!',
      'Extended Key Usage',
      'Subject Alternative Name',
      'Subject Key Identifier',
      'Authority Key Identifier',
    ])
  })

  test('has a random positive serial number of sixteen bytes', async () => {
    const serials = await Promise.all([1, 2, 3].map(async () => (await issue('a.test')).facts.serialHex))
    expect(new Set(serials).size).toBe(3)
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/)
  })

  test('leaves its subject empty when no name fits, and says that its names are critical', async () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.test`
    for (const name of [long, '127.0.0.1']) {
      const { facts } = await issue(name)
      expect(facts.subject).toBe('')
      expect(facts.extensions.find((each) => each.name === 'Subject Alternative Name')?.critical).toBe(true)
    }
  })

  test('ends with its authority at the latest', async () => {
    const late = new Date('2029-06-01T00:00:00Z')
    const { chainPem } = await issueLeaf({ issuer, names: ['a.test'], at: late })
    expect(new X509Certificate(chainPem).validToDate).toEqual(intermediate.validToDate)
  })

  test('is refused for a public address', async () => {
    await expect(issue('93.184.216.34')).rejects.toMatchObject({ code: 'domain.invalid' })
    await expect(issue('2606:2800::1')).rejects.toMatchObject({ code: 'domain.invalid' })
  })

  test('is refused for a name that the authority is not held to', async () => {
    for (const name of ['www.bank.example', '*.example.com', 'shop.example.com.evil.com', 'contest'])
      await expect(issue('shop.test', name)).rejects.toMatchObject({
        code: 'authority.name_outside',
        data: { name, suffixes },
      })
    expect((await issue('*.shop.example.com', 'localhost', 'a.localhost')).facts.names.dns).toHaveLength(3)
  })
})
