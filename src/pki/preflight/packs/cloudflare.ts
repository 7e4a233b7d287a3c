import type { RulePack, Source } from '../rule.ts'
import { keyRules, rsaRule } from './shared-rules.ts'

const source: Source = {
  url: 'https://developers.cloudflare.com/ssl/edge-certificates/custom-certificates/uploading/',
  readOn: '2026-11-24',
}

const troubleshooting: Source = {
  url: 'https://developers.cloudflare.com/ssl/edge-certificates/custom-certificates/troubleshooting/',
  readOn: '2026-11-26',
}
const noHost =
  'The certificate chain you uploaded does not include any hostnames from your zone. Please check your input and try again. (Code: 2103)'

export const cloudflare: RulePack = {
  target: { id: 'cloudflare', name: 'Cloudflare', kind: 'cdn' },
  rules: [
    ...keyRules(source, { other: 'The key you provided does not match the certificate' }),
    {
      id: 'expires-soon',
      when: [{ fact: 'daysLeft', below: 14 }],
      verdict: 'refuses',
      message: 'The certificate expires in less than 14 days ({daysLeft} are left).',
      fix: 'Renew it and give the new one.',
      code: 'The certificate will expire within soon. Please supply a newer one (1206)',
      source: {
        url: 'https://github.com/cloudflare/terraform-provider-cloudflare/pull/523',
        readOn: '2026-11-26',
      },
    },
    rsaRule(2048, { says: '; at least 2048 are wanted', source }),
    {
      id: 'ec-too-short',
      when: [
        { fact: 'ecBits', above: 0 },
        { fact: 'ecBits', below: 225 },
      ],
      verdict: 'refuses',
      message: 'The EC key has {ecBits} bits; at least 225 are wanted.',
      fix: 'Make a new key on P-256 and have a certificate issued for it.',
      source,
    },
    {
      id: 'neither-rsa-nor-ec',
      when: [{ fact: 'keyType', noneOf: ['RSA', 'EC'] }],
      verdict: 'warns',
      message: 'The key is of the type {keyType}; the requirements speak of RSA and ECDSA alone.',
      fix: 'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
      source,
    },
    {
      id: 'ec-parameters',
      when: [{ fact: 'hasEcParameters', is: true }],
      verdict: 'refuses',
      message: 'EC PARAMETERS come before the key and must be removed first.',
      fix: 'Save the clean files; the parameters are left out there.',
      source,
    },
    {
      id: 'not-public',
      when: [{ fact: 'publicAuthority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate is not from an authority that a major browser trusts.',
      fix: 'Choose the bundle method “User Defined” when uploading, or have a public authority issue one.',
      code: "The certificate chain you uploaded cannot be bundled using Cloudflare's trust store. Please check your input and try again. (Code: 2100)",
      source: troubleshooting,
    },
    {
      id: 'no-san',
      when: [{ fact: 'hosts', is: 0 }],
      verdict: 'refuses',
      message: 'The certificate has no alternative name that could match a host of the zone.',
      fix: 'Have one issued that names the host.',
      code: noHost,
      source: troubleshooting,
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No alternative name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: noHost,
      source: troubleshooting,
    },
  ],
}
