import { pack, pathRules, read, rootRules, rule } from './shared-rules.ts'

/** Path building of Android's own TLS provider. */
const source = read(
  'https://github.com/google/conscrypt/blob/master/platform/src/main/java/org/conscrypt/TrustManagerImpl.java',
  '2026-11-24',
)
const configuration = read(
  'https://developer.android.com/reference/kotlin/android/security/net/config/NetworkSecurityConfig',
  '2026-11-24',
)
const failed = 'java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.'

export const android = pack({ id: 'android', name: 'Android apps', kind: 'client' }, source, [
  ...rootRules(failed),
  ...pathRules('java.security.cert.CertPathValidatorException', { policy: null }),
  rule('incomplete-chain', {
    verdict: 'refuses',
    message:
      'The intermediate is missing, and apps do not fetch it; they only remember those that other servers sent.',
    code: failed,
  }),
  rule('untrusted', {
    message: 'The certificate chains to no authority that the device trusts.',
    fix: 'Have a public authority issue one, or trust your own root in the app’s network security configuration.',
    code: failed,
  }),
  rule('private-authority', {
    message:
      'The authority is a private one; apps for Android 7 and later do not trust roots that the user installs, unless they say so.',
    fix: 'Name the root in the app’s network security configuration.',
    code: failed,
    source: configuration,
  }),
  rule('host-not-covered', {
    message: 'No name of the certificate matches the host.',
    code: 'java.security.cert.CertificateException: No subjectAltNames on the certificate match',
  }),
  rule('out-of-time', {
    id: 'expired',
    code: 'java.security.cert.CertificateException: Chain validation failed',
  }),
])
