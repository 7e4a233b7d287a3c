import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certificateFacts, chainFromPem } from '../../../../src/engine/pki/facts/certificate.ts'
import { createAuthority, issueLeaf } from '../../../../src/engine/pki/issue/issue.ts'

const at = new Date('2026-11-24T12:00:00.500Z')
const authority = await createAuthority({ at, host: 'workshop' })
const root = new X509Certificate(authority.certificatePem)
const issue = async (...names: string[]) => {
  const issued = await issueLeaf({ authority, names, at })
  return {
    ...issued,
    x509: new X509Certificate(issued.chainPem),
    facts: certificateFacts(chainFromPem(issued.chainPem)[0]!),
  }
}

describe('the local authority', () => {
  const facts = certificateFacts(root.raw)
  const extension = (name: string) => facts.extensions.find((found) => found.name === name)

  test('is named for the computer and lives ten years, backdated by an hour', () => {
    expect(facts).toMatchObject({
      subject: 'CN=Edgekeep local authority (workshop)',
      notBefore: '2026-11-24T11:00:00.000Z',
      notAfter: '2036-11-21T10:59:59.000Z',
      isSelfSigned: true,
      isCa: true,
    })
  })

  test('may sign certificates of TLS servers and revocation lists, and no authorities', () => {
    expect(facts.keyUsage).toEqual(['certificate signing', 'CRL signing'])
    expect(facts.extendedKeyUsage).toEqual(['TLS server authentication'])
    expect(extension('Basic Constraints')).toMatchObject({
      critical: true,
      words: ['a certificate authority', 'no authorities below it'],
    })
  })

  test('is held to local addresses by critical name constraints', () => {
    expect(extension('Name Constraints')).toMatchObject({ critical: true })
    expect(extension('Name Constraints')?.words).toContain('permitted IP 127.0.0.0/8')
  })

  test('keeps a long host name within the 64 characters of a common name', async () => {
    const { certificatePem } = await createAuthority({ at, host: 'h'.repeat(80) })
    expect(new X509Certificate(certificatePem).subject).toHaveLength('CN='.length + 64)
  })
})

describe('a certificate it issues', () => {
  test('is signed by it, covers the names given and nothing else, and has the key that comes with it', async () => {
    const { x509, keyPem, facts } = await issue('*.shop.test', '127.0.0.1', '::1')
    expect(x509.verify(root.publicKey)).toBe(true)
    expect(x509.checkIssued(root)).toBe(true)
    expect(facts.names).toMatchObject({ dns: ['*.shop.test'], ip: ['127.0.0.1', '::1'] })
    expect(x509.checkPrivateKey(createPrivateKey(keyPem))).toBe(true)
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
    const { facts } = await issue(long)
    expect(facts.subject).toBe('')
    expect(facts.extensions.find(({ name }) => name === 'Subject Alternative Name')?.critical).toBe(true)
  })

  test('ends with its authority at the latest', async () => {
    const late = new Date('2036-06-01T00:00:00Z')
    const { chainPem } = await issueLeaf({ authority, names: ['a.test'], at: late })
    expect(new X509Certificate(chainPem).validToDate).toEqual(root.validToDate)
  })

  test('is refused for a public address', async () => {
    await expect(issue('93.184.216.34')).rejects.toMatchObject({ code: 'domain.invalid' })
    await expect(issue('2606:2800::1')).rejects.toMatchObject({ code: 'domain.invalid' })
  })
})
