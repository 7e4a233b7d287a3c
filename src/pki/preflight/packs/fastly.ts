import type { RulePack, Source } from '../rule.ts'
import { keyRules } from './shared-rules.ts'

const source: Source = {
  url: 'https://docs.fastly.com/en/guides/setting-up-tls-with-your-own-certificates',
  readOn: '2026-11-24',
}

/** Fastly does not publish its API's errors; the one sentence here is from a user's report. */
export const fastly: RulePack = {
  target: { id: 'fastly', name: 'Fastly', kind: 'cdn' },
  rules: [
    ...keyRules(source, {}),
    {
      id: 'key-type',
      when: [{ fact: 'keySpec', noneOf: ['RSA 2048', 'EC P-256', 'EC P-384'] }],
      verdict: 'refuses',
      message:
        'The upload takes ECDSA keys of 256 or 384 bits and RSA keys of 2048 bits; this one is {keySpec}.',
      fix: 'Make a new key on P-256 and have a certificate issued for it.',
      source,
    },
    {
      id: 'not-public',
      when: [{ fact: 'publicAuthority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate has to be from a trusted authority.',
      fix: 'Have one issued by a public authority.',
      source,
    },
    {
      id: 'no-san',
      when: [{ fact: 'hosts', is: 0 }],
      verdict: 'refuses',
      message: 'The domains are taken from the subject alternative names, and there are none.',
      fix: 'Have one issued that names the domains.',
      code: "Can't create certificate: need at least one DNS name, got none",
      source: {
        url: 'https://github.com/fastly/terraform-provider-fastly/issues/994',
        readOn: '2026-11-26',
      },
    },
    {
      id: 'expired',
      when: [{ fact: 'daysLeft', below: 0 }],
      verdict: 'refuses',
      message: 'The certificate has to be valid, and this one has expired.',
      fix: 'Renew it and give the new one.',
      source,
    },
  ],
}
