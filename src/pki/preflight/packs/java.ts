import {
  emptySubjectRefused,
  keyRules,
  pack,
  pathRules,
  read,
  refuses,
  rootRules,
  rsaBelow,
  rule,
} from './shared-rules.ts'

const seenIn = 'OpenJDK 25.0.3'
/** jdk.certpath.disabledAlgorithms, and the section on caIssuers. */
const securityUrl =
  'https://github.com/openjdk/jdk25u-dev/blob/master/src/java.base/share/conf/security/java.security'
const paths = read(
  'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/certpath/SunCertPathBuilder.java',
  '2026-11-26',
  seenIn,
)
const validity = read(
  'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/x509/CertificateValidity.java',
  '2026-11-26',
  seenIn,
)
const names = read(
  'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/util/HostnameChecker.java',
  '2026-11-24',
  seenIn,
)
const failed = 'PKIX path building failed: unable to find valid certification path to requested target'

export const java = pack({ id: 'java', name: 'Java', kind: 'client' }, paths, [
  rule('incomplete-chain', {
    verdict: 'refuses',
    message: 'The intermediate is missing, and Java does not fetch it.',
    code: failed,
    source: read(securityUrl, '2026-11-24', seenIn),
  }),
  rule('untrusted', {
    fix: 'Have a public authority issue one, or import your own root with keytool -importcert -cacerts.',
    code: failed,
  }),
  rule('private-authority', {
    message:
      'The authority is a private one, which a Java installation does not know until its root is imported.',
    fix: 'Import the root with keytool -importcert -cacerts -file root.pem.',
    code: failed,
  }),
  rule('expired', {
    code: 'java.security.cert.CertificateExpiredException: NotAfter',
    source: validity,
  }),
  rule('not-yet-valid', {
    code: 'java.security.cert.CertificateNotYetValidException: NotBefore',
    source: validity,
  }),
  rule('forgeable-signature', {
    when: { publicAuthority: 'ok' },
    message:
      'A certificate of the chain is signed with SHA-1 or MD5, which Java does not take from public authorities.',
    code: 'Algorithm constraints check failed on signature algorithm: SHA1withRSA',
    source: read(securityUrl, '2026-11-24'),
  }),
  rsaBelow(1024, '; Java disables keys below 1024', {
    code: 'Algorithm constraints check failed on keysize limits',
    source: read(securityUrl, '2026-11-24', seenIn),
  }),
  ...rootRules(failed),
  ...pathRules('sun.security.validator.ValidatorException', {
    wrong_purpose:
      'sun.security.validator.ValidatorException: Extended key usage does not permit use for TLS server authentication',
  }),
  emptySubjectRefused('java.security.cert.CertificateParsingException'),
  ...keyRules(
    {
      keys: ['RSA', 'RSA-PSS', 'EC P-256', 'EC P-384', 'EC P-521', 'Ed25519', 'Ed448'],
      signatures: ['Ed25519', 'Ed448'],
    },
    {
      key: 'javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure',
      signature: 'java.security.cert.CertPathValidatorException: Algorithm constraints check failed',
    },
  ),
  refuses(
    'key-usage',
    { maySign: false },
    {
      message: 'Its key usage does not permit digital signatures.',
      fix: 'Have it issued again with the key usage digitalSignature.',
      code: 'sun.security.validator.ValidatorException: KeyUsage does not allow digital signatures',
    },
  ),
  refuses(
    'underscore',
    { hostHasUnderscore: true },
    {
      message: 'The host has an underscore, which Java does not compare with any name.',
      fix: 'Give the host a name without underscore.',
      code: 'java.lang.IllegalArgumentException: Contains non-LDH ASCII characters',
      source: names,
    },
  ),
  rule('common-name-only', { source: names }),
  rule('host-not-covered', {
    when: { host: 'not-covered' },
    message: 'No name of the certificate matches the host.',
    code: 'java.security.cert.CertificateException: No subject alternative DNS name matching … found.',
    source: names,
  }),
])
