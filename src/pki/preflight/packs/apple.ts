import { pack, pathRules, read, refuses, rootRules, rsaBelow, rule } from './shared-rules.ts'

/** Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176). */
const trusted = read('https://support.apple.com/en-us/103769', '2026-11-24')
const fullTrust = read('https://support.apple.com/en-us/102390', '2026-11-24')

/**
 * The codes are the error sentences of Apple's Security framework (`SecFrameworkStrings.h` of its published
 * source, read 2026-11-26), shown by Keychain Access, the unified log and programs. Safari's own page always
 * says “This Connection Is Not Private”.
 */
export const apple = pack({ id: 'apple', name: 'Safari and Apple devices', kind: 'client' }, trusted, [
  ...rootRules('Root is not trusted'),
  ...pathRules('“…” certificate is not standards compliant', { policy: null }),
  rsaBelow(2048, '; at least 2048 are trusted for TLS', { code: 'Certificate is using a broken key size' }),
  rule('weak-intermediate', { code: 'Certificate is using a broken key size' }),
  rule('forgeable-signature', {
    message: 'A certificate of the chain is not signed with an algorithm of the SHA-2 family.',
    code: 'Certificate is using a broken signature algorithm',
  }),
  rule('no-san', {
    message: 'The host has to be a subject alternative name; the common name is not trusted.',
    code: 'SSL hostname does not match name(s) in certificate',
  }),
  refuses(
    'not-for-servers',
    { issuedOn: { from: '2019-07-02' }, saysForServers: false },
    {
      message: 'It does not say that it is for TLS servers (extended key usage serverAuth).',
      fix: 'Issue it again with that purpose.',
      code: 'Extended key usage does not match certificate usage',
    },
  ),
  refuses(
    'too-long-825',
    { issuedOn: { from: '2019-07-02' }, lifetimeDays: { above: 825 } },
    {
      message: 'It lasts {lifetimeDays} days; 825 are allowed, also under your own authority.',
      fix: 'Issue it again for 825 days or less.',
      code: '“…” certificate is not standards compliant',
    },
  ),
  rule('too-long-398', {
    code: 'Certificate exceeds maximum temporal validity period',
    source: read('https://support.apple.com/en-us/102028', '2026-11-24'),
  }),
  rule('too-few-logs', {
    when: { issuedOn: { from: '2021-04-21' } },
    code: 'Certificate Transparency validation required for this use',
    source: read('https://support.apple.com/en-us/103214', '2026-11-24'),
  }),
  rule('logs-unknown', {}),
  rule('untrusted', {
    when: {
      authority: {
        oneOf: [
          'self_signed',
          'unknown_authority',
          'missing_intermediate',
          'issuing_rule',
          'too_many_names',
          'search_exhausted',
        ],
      },
    },
    message: 'The certificate and what comes with it chain to no trusted authority.',
    fix: 'Serve the chain in full; for your own authority install its root and turn on full trust for it.',
    code: 'Root is not trusted',
    source: fullTrust,
  }),
  rule('private-authority', {
    message: 'The authority is a private one: its root has to be installed and full trust turned on for it.',
    fix: 'Settings, General, About, Certificate Trust Settings.',
    code: 'Root is not trusted',
    source: fullTrust,
  }),
])
