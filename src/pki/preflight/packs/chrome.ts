import type { RulePack, Source } from '../rule.ts'
import { forgeableRule, publicLifetimeRule, rsaRule } from './shared-rules.ts'

const errors: Source = {
  url: 'https://chromium.googlesource.com/chromium/src/+/main/net/base/net_error_list.h',
  readOn: '2026-11-24',
}
const lifetimes: Source = {
  url: 'https://chromium.googlesource.com/chromium/src/+/main/net/cert/cert_verify_proc.cc',
  readOn: '2026-11-24',
}
const transparency: Source = {
  url: 'https://googlechrome.github.io/CertificateTransparency/ct_policy.html',
  readOn: '2026-11-24',
}

export const chrome: RulePack = {
  target: { id: 'chrome', name: 'Chrome and Edge', kind: 'client' },
  rules: [
    {
      id: 'untrusted',
      when: [{ fact: 'authority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'The certificate chains to no trusted authority.',
      fix: 'Have a public authority issue one, or install your own root on the computer.',
      code: 'NET::ERR_CERT_AUTHORITY_INVALID',
      source: errors,
    },
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message: 'The intermediate is missing; Chrome on a desktop may fetch it, elsewhere the page fails.',
      fix: 'Serve the intermediate with the certificate.',
      code: 'NET::ERR_CERT_AUTHORITY_INVALID',
      source: errors,
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message: 'The authority is a private one: only computers on which its root is installed open the page.',
      fix: 'Install the root on every computer that is to open it.',
      code: 'NET::ERR_CERT_AUTHORITY_INVALID',
      source: errors,
    },
    {
      id: 'out-of-time',
      when: [{ fact: 'validity', oneOf: ['expired', 'not_yet_valid'] }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not valid at this time.',
      fix: 'Renew it, or set the clock right.',
      code: 'NET::ERR_CERT_DATE_INVALID',
      source: errors,
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No alternative name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: 'NET::ERR_CERT_COMMON_NAME_INVALID',
      source: errors,
    },
    {
      id: 'no-san',
      when: [{ fact: 'hosts', is: 0 }],
      verdict: 'refuses',
      message: 'The certificate has no subject alternative name; the common name does not count.',
      fix: 'Issue it again with the host as subject alternative name.',
      code: 'NET::ERR_CERT_COMMON_NAME_INVALID',
      source: errors,
    },
    forgeableRule({ code: 'NET::ERR_CERT_WEAK_SIGNATURE_ALGORITHM', source: errors }),
    rsaRule(1024, { code: 'NET::ERR_CERT_WEAK_KEY', source: errors }),
    publicLifetimeRule({ code: 'NET::ERR_CERT_VALIDITY_TOO_LONG', source: lifetimes }),
    {
      id: 'too-long-825',
      when: [
        { fact: 'publicAuthority', is: 'ok' },
        { fact: 'issuedOn', from: '2018-03-01' },
        { fact: 'issuedOn', before: '2020-09-01' },
        { fact: 'lifetimeDays', above: 825 },
      ],
      verdict: 'refuses',
      message: 'It lasts {lifetimeDays} days; a public certificate of that day may last 825.',
      fix: 'Have it issued again with a shorter life.',
      code: 'NET::ERR_CERT_VALIDITY_TOO_LONG',
      source: lifetimes,
    },
    {
      id: 'too-few-logs',
      when: [
        { fact: 'publicAuthority', is: 'ok' },
        { fact: 'issuedOn', from: '2022-04-15' },
        { fact: 'timestampsMissing', above: 0 },
      ],
      verdict: 'warns',
      message:
        'It carries certificate transparency timestamps of {timestamps} logs; {timestampsNeeded} are wanted, unless the server sends them itself.',
      fix: 'Ask the authority for one with timestamps in it.',
      code: 'NET::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED',
      source: transparency,
    },
  ],
}
