import { expect, test } from 'vitest'
import { formatCertificateFacts, certificateLine } from '../../../../src/cli/output/format.ts'
import { certificateFacts } from '../../../../src/pki/facts/certificate.ts'
import { commonName, makeCertificate, makeKeys } from '../../../support/pki/certificate-maker.ts'

const [shop, lookAlike] = ['xn--bcher-kva.test', 'xn--80ak6aa92e.com'] as const
const { der } = makeCertificate({
  subject: commonName(shop),
  keys: makeKeys('ec'),
  names: [shop, `*.${shop}`, lookAlike],
})
const facts = certificateFacts(der)

test('a certificate is called by its name as people write it, its fields say what stands in it', () => {
  expect(facts).toMatchObject({
    title: 'bücher.test',
    subject: `CN=${shop}`,
    names: { dns: [shop, `*.${shop}`, lookAlike] },
  })
})

test('names are shown in both forms, and one that looks like another in ASCII alone', () => {
  const words = formatCertificateFacts(facts)
  expect(words).toContain(`bücher.test (${shop}), *.bücher.test (*.${shop}), ${lookAlike}\n`)
  expect(words).toContain(`CN=${shop}\n`)
})

test('a one-line summary shows the readable form alone', () => {
  const line = certificateLine({ ...facts, dnsNames: facts.names.dns, ipNames: ['127.0.0.1'] })
  expect(line).toContain(`bücher.test, *.bücher.test, ${lookAlike}, 127.0.0.1; issued by`)
})
