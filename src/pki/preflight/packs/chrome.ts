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

const errors = read(
  'https://chromium.googlesource.com/chromium/src/+/main/net/base/net_error_list.h',
  '2026-11-24',
)
const lifetimes = read(
  'https://chromium.googlesource.com/chromium/src/+/main/net/cert/cert_verify_proc.cc',
  '2026-11-24',
)
const transparency = read(
  'https://googlechrome.github.io/CertificateTransparency/ct_policy.html',
  '2026-11-24',
)

/** Answers of Chromium in `docs/clients.md`. */
const keys = ['RSA', 'EC P-256', 'EC P-384', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

export const chrome = pack({ id: 'chrome', name: 'Chrome and Edge', kind: 'client' }, errors, [
  rule('untrusted', {
    fix: 'Have a public authority issue one, or install your own root on the computer.',
    code: 'NET::ERR_CERT_AUTHORITY_INVALID',
  }),
  rule('incomplete-chain', {
    message: 'The intermediate is missing; Chrome on a desktop may fetch it, elsewhere the page fails.',
    code: 'NET::ERR_CERT_AUTHORITY_INVALID',
  }),
  rule('private-authority', {
    message: 'The authority is a private one: only computers on which its root is installed open the page.',
    fix: 'Install the root on every computer that is to open it.',
    code: 'NET::ERR_CERT_AUTHORITY_INVALID',
  }),
  rule('out-of-time', { code: 'NET::ERR_CERT_DATE_INVALID' }),
  rule('host-not-covered', { code: 'NET::ERR_CERT_COMMON_NAME_INVALID' }),
  rule('no-san', {
    message: 'The certificate has no subject alternative name; the common name does not count.',
    code: 'NET::ERR_CERT_COMMON_NAME_INVALID',
  }),
  rule('forgeable-signature', { code: 'NET::ERR_CERT_INVALID' }),
  ...rootRules('NET::ERR_CERT_AUTHORITY_INVALID'),
  ...pathRules('NET::ERR_CERT_INVALID', {
    revoked: 'NET::ERR_CERT_REVOKED',
    bad_signature: 'NET::ERR_CERT_AUTHORITY_INVALID',
  }),
  emptySubjectRefused('NET::ERR_CERT_INVALID'),
  ...keyRules(
    { keys, signatures: keys },
    { key: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH', signature: 'NET::ERR_CERT_INVALID' },
  ),
  refuses(
    'key-usage',
    { maySign: false },
    {
      message: 'Its key usage does not permit digital signatures, which every handshake needs.',
      fix: 'Have it issued again with the key usage digitalSignature.',
      code: 'ERR_SSL_KEY_USAGE_INCOMPATIBLE',
    },
  ),
  refuses(
    'trusted-leaf',
    { selfSigned: true, isCa: false, authority: 'ok' },
    {
      message: 'It is a root to itself; only a CA certificate may be one.',
      fix: 'Have a local authority issue it, and trust the root of that.',
      code: 'NET::ERR_CERT_INVALID',
    },
  ),
  rsaBelow(1024, '', { code: 'NET::ERR_CERT_WEAK_KEY' }),
  rule('too-long-398', { code: 'NET::ERR_CERT_VALIDITY_TOO_LONG', source: lifetimes }),
  refuses(
    'too-long-825',
    {
      publicAuthority: 'ok',
      issuedOn: { from: '2018-03-01', before: '2020-09-01' },
      lifetimeDays: { above: 825 },
    },
    {
      message: 'It lasts {lifetimeDays} days; a public certificate of that day may last 825.',
      fix: 'Have it issued again with a shorter life.',
      code: 'NET::ERR_CERT_VALIDITY_TOO_LONG',
      source: lifetimes,
    },
  ),
  rule('too-few-logs', {
    when: { issuedOn: { from: '2022-04-15' } },
    code: 'NET::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED',
    source: transparency,
  }),
  rule('logs-unknown', {}),
])
