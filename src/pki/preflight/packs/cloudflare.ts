import { pack, read, refuses, rsaBelow, rule, warns } from './shared-rules.ts'

const source = read(
  'https://developers.cloudflare.com/ssl/edge-certificates/custom-certificates/uploading/',
  '2026-11-24',
)
const troubleshooting = read(
  'https://developers.cloudflare.com/ssl/edge-certificates/custom-certificates/troubleshooting/',
  '2026-11-26',
)
const noHost =
  'The certificate chain you uploaded does not include any hostnames from your zone. Please check your input and try again. (Code: 2103)'

export const cloudflare = pack({ id: 'cloudflare', name: 'Cloudflare', kind: 'cdn' }, source, [
  rule('key-missing', {}),
  rule('key-mismatch', { code: 'The key you provided does not match the certificate' }),
  rule('key-locked', {}),
  refuses(
    'expires-soon',
    { daysLeft: { below: 14 } },
    {
      message: 'The certificate expires in less than 14 days ({daysLeft} are left).',
      fix: 'Renew it and give the new one.',
      code: 'The certificate will expire within soon. Please supply a newer one (1206)',
      source: read('https://github.com/cloudflare/terraform-provider-cloudflare/pull/523', '2026-11-26'),
    },
  ),
  rsaBelow(2048, '; at least 2048 are wanted'),
  refuses(
    'ec-too-short',
    { ecBits: { above: 0, below: 225 } },
    {
      message: 'The EC key has {ecBits} bits; at least 225 are wanted.',
      fix: 'Make a new key on P-256 and have a certificate issued for it.',
    },
  ),
  warns(
    'neither-rsa-nor-ec',
    { keyType: { noneOf: ['RSA', 'EC'] } },
    {
      message: 'The key is of the type {keyType}; the requirements speak of RSA and ECDSA alone.',
      fix: 'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
    },
  ),
  refuses(
    'ec-parameters',
    { hasEcParameters: true },
    {
      message: 'EC PARAMETERS come before the key and must be removed first.',
      fix: 'Save the clean files; the parameters are left out there.',
    },
  ),
  rule('not-public', {
    message: 'The certificate is not from an authority that a major browser trusts.',
    fix: 'Choose the bundle method “User Defined” when uploading, or have a public authority issue one.',
    code: "The certificate chain you uploaded cannot be bundled using Cloudflare's trust store. Please check your input and try again. (Code: 2100)",
    source: troubleshooting,
  }),
  rule('no-san', {
    message: 'The certificate has no alternative name that could match a host of the zone.',
    fix: 'Have one issued that names the host.',
    code: noHost,
    source: troubleshooting,
  }),
  rule('host-not-covered', { code: noHost, source: troubleshooting }),
])
