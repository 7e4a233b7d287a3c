import { pack, read, rule } from './shared-rules.ts'

const source = read(
  'https://docs.fastly.com/en/guides/setting-up-tls-with-your-own-certificates',
  '2026-11-24',
)

/** Fastly does not publish its API's errors; the one sentence here is from a user's report. */
export const fastly = pack({ id: 'fastly', name: 'Fastly', kind: 'cdn' }, source, [
  rule('key-missing', {}),
  rule('key-mismatch', {}),
  rule('key-locked', {}),
  rule('key-type', {
    when: { keySpec: { noneOf: ['RSA 2048', 'EC P-256', 'EC P-384'] } },
    message:
      'The upload takes ECDSA keys of 256 or 384 bits and RSA keys of 2048 bits; this one is {keySpec}.',
    fix: 'Make a new key on P-256 and have a certificate issued for it.',
  }),
  rule('not-public', {
    message: 'The certificate has to be from a trusted authority.',
    fix: 'Have one issued by a public authority.',
  }),
  rule('no-san', {
    message: 'The domains are taken from the subject alternative names, and there are none.',
    fix: 'Have one issued that names the domains.',
    code: "Can't create certificate: need at least one DNS name, got none",
    source: read('https://github.com/fastly/terraform-provider-fastly/issues/994', '2026-11-26'),
  }),
  rule('ended', { id: 'expired', message: 'The certificate has to be valid, and this one has expired.' }),
])
