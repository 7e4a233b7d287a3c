import type { RulePack, Source } from '../rule.ts'
import { publicLifetimeRule, rsaRule } from './shared-rules.ts'

/** Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176). */
const trusted: Source = { url: 'https://support.apple.com/en-us/103769', readOn: '2026-11-24' }

/**
 * The codes are the error sentences of Apple's Security framework (`SecFrameworkStrings.h` of its published
 * source, read 2026-11-26), shown by Keychain Access, the unified log and programs. Safari's own page always
 * says “This Connection Is Not Private”.
 */
export const apple: RulePack = {
  target: { id: 'apple', name: 'Safari and Apple devices', kind: 'client' },
  rules: [
    rsaRule(2048, {
      says: '; at least 2048 are trusted for TLS',
      code: 'Certificate is using a broken key size',
      source: trusted,
    }),
    {
      id: 'weak-intermediate',
      when: [{ fact: 'weakIntermediate', is: true }],
      verdict: 'refuses',
      message: 'An intermediate has an RSA key of less than 2048 bits.',
      fix: "Take the authority's current intermediate.",
      code: 'Certificate is using a broken key size',
      source: trusted,
    },
    {
      id: 'forgeable-signature',
      when: [{ fact: 'forgeableSignature', is: true }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not signed with an algorithm of the SHA-2 family.',
      fix: 'Have it issued again with SHA-256.',
      code: 'Certificate is using a broken signature algorithm',
      source: trusted,
    },
    {
      id: 'no-san',
      when: [{ fact: 'hosts', is: 0 }],
      verdict: 'refuses',
      message: 'The host has to be a subject alternative name; the common name is not trusted.',
      fix: 'Issue it again with the host as subject alternative name.',
      code: 'SSL hostname does not match name(s) in certificate',
      source: trusted,
    },
    {
      id: 'not-for-servers',
      when: [
        { fact: 'issuedOn', from: '2019-07-02' },
        { fact: 'saysForServers', is: false },
      ],
      verdict: 'refuses',
      message: 'It does not say that it is for TLS servers (extended key usage serverAuth).',
      fix: 'Issue it again with that purpose.',
      code: 'Extended key usage does not match certificate usage',
      source: trusted,
    },
    {
      id: 'too-long-825',
      when: [
        { fact: 'issuedOn', from: '2019-07-02' },
        { fact: 'lifetimeDays', above: 825 },
      ],
      verdict: 'refuses',
      message: 'It lasts {lifetimeDays} days; 825 are allowed, also under your own authority.',
      fix: 'Issue it again for 825 days or less.',
      code: '“…” certificate is not standards compliant',
      source: trusted,
    },
    publicLifetimeRule({
      code: 'Certificate exceeds maximum temporal validity period',
      source: { url: 'https://support.apple.com/en-us/102028', readOn: '2026-11-24' },
    }),
    {
      id: 'too-few-logs',
      when: [
        { fact: 'publicAuthority', is: 'ok' },
        { fact: 'issuedOn', from: '2021-04-21' },
        { fact: 'timestampsMissing', above: 0 },
      ],
      verdict: 'warns',
      message:
        'It carries certificate transparency timestamps of {timestamps} logs; {timestampsNeeded} are wanted, unless the server sends them itself.',
      fix: 'Ask the authority for one with timestamps in it.',
      code: 'Certificate Transparency validation required for this use',
      source: { url: 'https://support.apple.com/en-us/103214', readOn: '2026-11-24' },
    },
    {
      id: 'untrusted',
      when: [{ fact: 'authority', not: 'ok' }],
      verdict: 'refuses',
      message: 'The certificate and what comes with it chain to no trusted authority.',
      fix: 'Serve the chain in full; for your own authority install its root and turn on full trust for it.',
      code: 'Root is not trusted',
      source: { url: 'https://support.apple.com/en-us/102390', readOn: '2026-11-24' },
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message:
        'The authority is a private one: its root has to be installed and full trust turned on for it.',
      fix: 'Settings, General, About, Certificate Trust Settings.',
      code: 'Root is not trusted',
      source: { url: 'https://support.apple.com/en-us/102390', readOn: '2026-11-24' },
    },
  ],
}
