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
} from './shared-rules.ts'

const codes = read(
  'https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes',
  '2026-11-24',
)
const levels = read('https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/', '2026-11-24')

/** Answers of Node in `docs/clients.md`. */
const openSslKeys = [
  ...['RSA', 'RSA-PSS', 'EC P-256', 'EC P-384', 'EC P-521', 'Ed25519', 'Ed448'],
  ...['EC brainpoolP256r1', 'EC brainpoolP384r1', 'EC brainpoolP512r1'],
  ...['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
]

export const node = pack({ id: 'node', name: 'Node.js', kind: 'client' }, codes, [
  rule('incomplete-chain', {
    verdict: 'refuses',
    message: 'The intermediate is missing, and Node does not fetch it.',
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  }),
  refuses(
    'self-signed',
    { authority: 'self_signed' },
    {
      message: 'The certificate is self-signed.',
      fix: 'Have an authority issue one, or name it in NODE_EXTRA_CA_CERTS.',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
  ),
  refuses(
    'root-not-trusted',
    { authority: 'unknown_authority', rootIncluded: true },
    {
      message: 'The chain ends with a root that is not trusted.',
      fix: 'Have a public authority issue one, or name that root in NODE_EXTRA_CA_CERTS.',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    },
  ),
  refuses(
    'untrusted',
    { authority: 'unknown_authority', rootIncluded: false, intermediates: { above: 0 } },
    {
      message: 'The chain chains to no trusted authority.',
      fix: 'Have a public authority issue one, or name your own root in NODE_EXTRA_CA_CERTS.',
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    },
  ),
  refuses(
    'issuer-unknown',
    { authority: 'unknown_authority', rootIncluded: false, intermediates: 0 },
    {
      message: 'The certificate comes alone, and its issuer is not trusted.',
      fix: 'Serve it with its intermediates; for your own authority name its root in NODE_EXTRA_CA_CERTS.',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    },
  ),
  rule('private-authority', {
    message:
      'The authority is a private one, and Node looks at the roots it carries, not at those of the system.',
    fix: 'Name the root in NODE_EXTRA_CA_CERTS, or run Node with --use-system-ca.',
    code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  }),
  rule('expired', { code: 'CERT_HAS_EXPIRED' }),
  rule('not-yet-valid', { code: 'CERT_NOT_YET_VALID' }),
  rsaBelow(2047, ', below what OpenSSL takes at its usual security level', {
    code: 'EE_KEY_TOO_SMALL',
    source: levels,
  }),
  rule('common-name-only', {}),
  ...rootRules('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
  ...pathRules('UNSPECIFIED', {
    wrong_purpose: 'INVALID_PURPOSE',
    not_an_authority: 'INVALID_CA',
    path_too_long: 'PATH_LENGTH_EXCEEDED',
    policy: null,
    revoked: 'CERT_REVOKED',
    malformed: null,
    bad_signature: 'CERT_SIGNATURE_FAILURE',
  }),
  ...keyRules(
    {
      keys: openSslKeys,
      signatures: [...openSslKeys, 'EC P-224', 'EC secp256k1', 'RSA with SHA-224', 'ECDSA with SHA-224'],
    },
    { key: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', signature: 'UNSPECIFIED' },
  ),
  anyPurposeRefused('INVALID_PURPOSE'),
  rule('weak-intermediate', { code: 'CA_KEY_TOO_SMALL', source: levels }),
  rule('forgeable-signature', { code: 'CA_MD_TOO_WEAK', source: levels }),
  rule('host-not-covered', {
    when: { host: 'not-covered' },
    message: 'No name of the certificate matches the host.',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    source: read('https://nodejs.org/docs/latest-v24.x/api/errors.html', '2026-11-24'),
  }),
])
