import type { RulePack, Source } from '../rule.ts'
import { rsaRule } from './shared-rules.ts'

const seenIn = 'OpenJDK 25.0.3'
/** jdk.certpath.disabledAlgorithms, and the section on caIssuers. */
const security: Source = {
  url: 'https://github.com/openjdk/jdk25u-dev/blob/master/src/java.base/share/conf/security/java.security',
  readOn: '2026-11-24',
}
const paths: Source = {
  url: 'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/certpath/SunCertPathBuilder.java',
  readOn: '2026-11-26',
  seenIn,
}
const validity: Source = {
  url: 'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/x509/CertificateValidity.java',
  readOn: '2026-11-26',
  seenIn,
}
const names: Source = {
  url: 'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/util/HostnameChecker.java',
  readOn: '2026-11-24',
  seenIn,
}
const failed = 'PKIX path building failed: unable to find valid certification path to requested target'

export const java: RulePack = {
  target: { id: 'java', name: 'Java', kind: 'client' },
  rules: [
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'refuses',
      message: 'The intermediate is missing, and Java does not fetch it.',
      fix: 'Serve the intermediate with the certificate.',
      code: failed,
      source: { ...security, seenIn },
    },
    {
      id: 'untrusted',
      when: [{ fact: 'authority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate chains to no trusted authority.',
      fix: 'Have a public authority issue one, or import your own root with keytool -importcert -cacerts.',
      code: failed,
      source: paths,
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message:
        'The authority is a private one, which a Java installation does not know until its root is imported.',
      fix: 'Import the root with keytool -importcert -cacerts -file root.pem.',
      code: failed,
      source: paths,
    },
    {
      id: 'expired',
      when: [{ fact: 'validity', is: 'expired' }],
      verdict: 'refuses',
      message: 'A certificate of the chain has expired.',
      fix: 'Renew it.',
      code: 'java.security.cert.CertificateExpiredException: NotAfter',
      source: validity,
    },
    {
      id: 'not-yet-valid',
      when: [{ fact: 'validity', is: 'not_yet_valid' }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not valid yet.',
      fix: 'Wait, or set the clock right.',
      code: 'java.security.cert.CertificateNotYetValidException: NotBefore',
      source: validity,
    },
    {
      id: 'forgeable-signature',
      when: [
        { fact: 'forgeableSignature', is: true },
        { fact: 'publicAuthority', is: 'ok' },
      ],
      verdict: 'refuses',
      message:
        'A certificate of the chain is signed with SHA-1 or MD5, which Java does not take from public authorities.',
      fix: 'Have it issued again with SHA-256.',
      code: 'Algorithm constraints check failed on signature algorithm: SHA1withRSA',
      source: security,
    },
    rsaRule(1024, {
      says: '; Java disables keys below 1024',
      code: 'Algorithm constraints check failed on keysize limits',
      source: { ...security, seenIn },
    }),
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: 'java.security.cert.CertificateException: No subject alternative DNS name matching … found.',
      source: names,
    },
  ],
}
