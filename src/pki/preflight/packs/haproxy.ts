import type { RulePack, Source } from '../rule.ts'
import { keyRules, orderRule, pemRule, rsaRule } from './shared-rules.ts'

const seenIn = 'HAProxy 3.0.11 with OpenSSL 3.5'
const source: Source = {
  url: 'https://docs.haproxy.org/3.0/configuration.html#5.1-crt',
  readOn: '2026-11-24',
  seenIn,
}
const levels: Source = {
  url: 'https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/',
  readOn: '2026-11-24',
  seenIn,
}

export const haproxy: RulePack = {
  target: { id: 'haproxy', name: 'HAProxy', kind: 'server' },
  rules: [
    ...keyRules(source, {
      missing: "No Private Key found in '….key'.",
      other: "inconsistencies between private key and certificate loaded '…'.",
      locked: "No Private Key found in '….key'.",
    }),
    pemRule(source, "unable to load certificate from file '…': no start line."),
    orderRule(source, 'refuses', "inconsistencies between private key and certificate loaded '…'."),
    rsaRule(2048, {
      says: ', below what OpenSSL serves at its usual security level',
      code: "unable to load SSL certificate into SSL Context '…': ee key too small.",
      source: levels,
    }),
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message: 'The intermediate is missing from the file; HAProxy sends what is in it.',
      fix: 'Append the intermediate to the file, or keep it in issuers-chain-path.',
      source,
    },
  ],
}
