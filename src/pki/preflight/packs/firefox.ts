import {
  anyPurposeRefused,
  keyRules,
  pack,
  pathRules,
  read,
  refuses,
  rootRules,
  rsaBelow,
  rule,
  warns,
} from './shared-rules.ts'

const errors = read(
  'https://searchfox.org/firefox-main/source/security/nss/lib/mozpkix/include/pkix/pkixnss.h',
  '2026-11-24',
)
const messages = read(
  'https://github.com/mozilla-l10n/firefox-l10n-source/blob/main/toolkit/toolkit/neterror/certError.ftl',
  '2026-11-24',
)

export const firefox = pack({ id: 'firefox', name: 'Firefox', kind: 'client' }, messages, [
  refuses(
    'self-signed',
    { authority: 'self_signed' },
    {
      message: 'The certificate is self-signed.',
      fix: 'Have an authority issue one; for your own machine use the local authority.',
      code: 'MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT',
      source: errors,
    },
  ),
  rule('untrusted', {
    when: {
      authority: { oneOf: ['unknown_authority', 'issuing_rule', 'too_many_names', 'search_exhausted'] },
    },
    fix: 'Have a public authority issue one, or import your own root in Firefox.',
    code: 'SEC_ERROR_UNKNOWN_ISSUER',
  }),
  rule('incomplete-chain', {
    message:
      'The intermediate is missing; Firefox opens the page only where it knows that intermediate already.',
    code: 'SEC_ERROR_UNKNOWN_ISSUER',
  }),
  rule('private-authority', {
    message:
      'The authority is a private one: its root has to be in Firefox or, on some systems, in the system.',
    fix: 'Import the root in Firefox.',
    code: 'SEC_ERROR_UNKNOWN_ISSUER',
  }),
  rule('expired', { code: 'SEC_ERROR_EXPIRED_CERTIFICATE' }),
  rule('not-yet-valid', { code: 'MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE', source: errors }),
  refuses(
    'authority-as-leaf',
    { isCa: true },
    {
      message: 'The certificate is that of an authority, which may not stand for a site.',
      fix: 'Use the certificate that the authority issued for the site.',
      code: 'MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY',
      source: errors,
    },
  ),
  rsaBelow(1024, '', { code: 'MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE', source: errors }),
  ...rootRules('SEC_ERROR_UNKNOWN_ISSUER'),
  ...pathRules('SEC_ERROR_CA_CERT_INVALID', {
    wrong_purpose: 'SEC_ERROR_INADEQUATE_CERT_TYPE',
    unknown_critical_extension: 'SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION',
    path_too_long: 'SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID',
    name_not_permitted: 'SEC_ERROR_CERT_NOT_IN_NAME_SPACE',
    policy: null,
    revoked: 'SEC_ERROR_REVOKED_CERTIFICATE',
    malformed: 'SEC_ERROR_BAD_DER',
    bad_signature: 'SEC_ERROR_BAD_SIGNATURE',
  }),
  anyPurposeRefused('SEC_ERROR_INADEQUATE_CERT_TYPE'),
  refuses(
    'chain-too-long',
    { intermediates: { above: 6 } },
    {
      message: 'There are {intermediates} intermediates, and Firefox follows 6.',
      fix: 'Have it issued by a CA further up.',
      code: 'SEC_ERROR_UNKNOWN_ISSUER',
    },
  ),
  ...keyRules(
    { keys: ['RSA', 'EC P-256', 'EC P-384', 'EC P-521'] },
    { key: 'SSL_ERROR_NO_CYPHER_OVERLAP', signature: 'SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED' },
  ),
  rule('forgeable-signature', { code: 'SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED' }),
  warns(
    'must-staple',
    { mustStaple: true },
    {
      message: 'It demands a stapled OCSP answer, and Firefox refuses the page while the server sends none.',
      fix: 'Turn stapling on at the server, or have one issued without “must staple”.',
      code: 'MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING',
      source: errors,
    },
  ),
  warns(
    'not-logged',
    { publicAuthority: 'ok', timestamps: 0 },
    {
      message: 'It carries no certificate transparency timestamps, so the server has to send them itself.',
      fix: 'Request a certificate with embedded SCTs.',
      code: 'MOZILLA_PKIX_ERROR_INSUFFICIENT_CERTIFICATE_TRANSPARENCY',
      source: read('https://bugzilla.mozilla.org/show_bug.cgi?id=1927085', '2026-11-24'),
    },
  ),
  rule('host-not-covered', { code: 'SSL_ERROR_BAD_CERT_DOMAIN' }),
])
