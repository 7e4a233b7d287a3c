import type { RulePack, Source } from '../rule.ts'

/** Path building of Android's own TLS provider. */
const source: Source = {
  url: 'https://github.com/google/conscrypt/blob/master/platform/src/main/java/org/conscrypt/TrustManagerImpl.java',
  readOn: '2026-11-24',
}
const failed = 'java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.'

export const android: RulePack = {
  target: { id: 'android', name: 'Android apps', kind: 'client' },
  rules: [
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'refuses',
      message:
        'The intermediate is missing, and apps do not fetch it; they only remember those that other servers sent.',
      fix: 'Serve the intermediate with the certificate.',
      code: failed,
      source,
    },
    {
      id: 'untrusted',
      when: [{ fact: 'authority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate chains to no authority that the device trusts.',
      fix: 'Have a public authority issue one, or trust your own root in the app’s network security configuration.',
      code: failed,
      source,
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message:
        'The authority is a private one; apps for Android 7 and later do not trust roots that the user installs, unless they say so.',
      fix: 'Name the root in the app’s network security configuration.',
      code: failed,
      source: {
        url: 'https://developer.android.com/reference/kotlin/android/security/net/config/NetworkSecurityConfig',
        readOn: '2026-11-24',
      },
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: 'java.security.cert.CertificateException: No subjectAltNames on the certificate match',
      source,
    },
    {
      id: 'expired',
      when: [{ fact: 'validity', oneOf: ['expired', 'not_yet_valid'] }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not valid at this time.',
      fix: 'Renew it, or set the clock right.',
      code: 'java.security.cert.CertificateException: Chain validation failed',
      source,
    },
  ],
}
