import type { RulePack, Source } from '../rule.ts'
import { forgeableRule, rsaRule } from './shared-rules.ts'

const errors: Source = {
  url: 'https://searchfox.org/firefox-main/source/security/nss/lib/mozpkix/include/pkix/pkixnss.h',
  readOn: '2026-11-24',
}
const messages: Source = {
  url: 'https://github.com/mozilla-l10n/firefox-l10n-source/blob/main/toolkit/toolkit/neterror/certError.ftl',
  readOn: '2026-11-24',
}

export const firefox: RulePack = {
  target: { id: 'firefox', name: 'Firefox', kind: 'client' },
  rules: [
    {
      id: 'self-signed',
      when: [{ fact: 'authority', is: 'self_signed' }],
      verdict: 'refuses',
      message: 'The certificate is self-signed.',
      fix: 'Have an authority issue one; for your own machine use the local authority.',
      code: 'MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT',
      source: errors,
    },
    {
      id: 'untrusted',
      when: [{ fact: 'authority', noneOf: ['ok', 'self_signed', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate chains to no trusted authority.',
      fix: 'Have a public authority issue one, or import your own root in Firefox.',
      code: 'SEC_ERROR_UNKNOWN_ISSUER',
      source: messages,
    },
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message:
        'The intermediate is missing; Firefox opens the page only where it knows that intermediate already.',
      fix: 'Serve the intermediate with the certificate.',
      code: 'SEC_ERROR_UNKNOWN_ISSUER',
      source: messages,
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message:
        'The authority is a private one: its root has to be in Firefox or, on some systems, in the system.',
      fix: 'Import the root in Firefox.',
      code: 'SEC_ERROR_UNKNOWN_ISSUER',
      source: messages,
    },
    {
      id: 'expired',
      when: [{ fact: 'validity', is: 'expired' }],
      verdict: 'refuses',
      message: 'A certificate of the chain has expired.',
      fix: 'Renew it.',
      code: 'SEC_ERROR_EXPIRED_CERTIFICATE',
      source: messages,
    },
    {
      id: 'not-yet-valid',
      when: [{ fact: 'validity', is: 'not_yet_valid' }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not valid yet.',
      fix: 'Wait, or set the clock right.',
      code: 'MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE',
      source: errors,
    },
    {
      id: 'authority-as-leaf',
      when: [
        { fact: 'isCa', is: true },
        { fact: 'selfSigned', is: false },
      ],
      verdict: 'refuses',
      message: 'The certificate is that of an authority, which may not stand for a site.',
      fix: 'Use the certificate that the authority issued for the site.',
      code: 'MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY',
      source: errors,
    },
    rsaRule(1024, { code: 'MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE', source: errors }),
    forgeableRule({ code: 'SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED', source: messages }),
    {
      id: 'must-staple',
      when: [{ fact: 'mustStaple', is: true }],
      verdict: 'warns',
      message: 'It demands a stapled OCSP answer, and Firefox refuses the page while the server sends none.',
      fix: 'Turn stapling on at the server, or have one issued without “must staple”.',
      code: 'MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING',
      source: errors,
    },
    {
      id: 'not-logged',
      when: [
        { fact: 'publicAuthority', is: 'ok' },
        { fact: 'timestamps', is: 0 },
      ],
      verdict: 'warns',
      message: 'It carries no certificate transparency timestamps, so the server has to send them itself.',
      fix: 'Ask the authority for one with timestamps in it.',
      code: 'MOZILLA_PKIX_ERROR_INSUFFICIENT_CERTIFICATE_TRANSPARENCY',
      source: { url: 'https://bugzilla.mozilla.org/show_bug.cgi?id=1927085', readOn: '2026-11-24' },
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No alternative name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: 'SSL_ERROR_BAD_CERT_DOMAIN',
      source: messages,
    },
  ],
}
