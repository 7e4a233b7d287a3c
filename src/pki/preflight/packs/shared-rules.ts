import type { Conditions, PreflightRule, RulePack, Source } from '../rule.ts'

/** A rule of a pack; without a source it has the pack's. */
type Draft = Omit<PreflightRule, 'source'> & { source?: Source }
type Wording = Omit<Draft, 'id' | 'when' | 'verdict'>

/** Rules of several targets, which add their own error codes and, where theirs differ, their own words. */
const shared = {
  'key-missing': {
    when: { key: 'missing' },
    verdict: 'warns',
    message: 'The private key is not among the files, and it is needed there.',
    fix: 'Add the key that was made with the certificate.',
  },
  'key-mismatch': {
    when: { key: { oneOf: ['other', 'other-type'] } },
    verdict: 'refuses',
    message: 'The private key does not belong to the certificate.',
    fix: "Find the key that was made with this certificate's request.",
  },
  'key-locked': {
    when: { key: 'locked' },
    verdict: 'refuses',
    message: 'The private key has a passphrase.',
    fix: 'Give the key without its passphrase: openssl pkey -in locked.key -out shop.key',
  },
  'not-pem': {
    when: { form: { oneOf: ['der', 'pkcs7', 'pkcs12'] } },
    verdict: 'refuses',
    message: 'The certificate is not in PEM form.',
    fix: 'Save the clean files (edgekeep convert FILE --to pem --out shop.pem) and give those.',
  },
  'leaf-not-first': {
    when: { leafFirst: false },
    verdict: 'refuses',
    message: 'The certificate does not come before its chain.',
    fix: 'Save the clean files: the certificate comes first there, then each one that signed the one before.',
  },
  'incomplete-chain': {
    when: { authority: 'missing_intermediate' },
    verdict: 'warns',
    fix: 'Serve the intermediate with the certificate.',
  },
  /** A refusal, because clients meet it; a private authority passes by its root among those to trust. */
  'leads-to-no-root': {
    when: { authority: 'unknown_authority' },
    verdict: 'refuses',
    message:
      'It is sent to clients, and they refuse it: it leads to no root that was given or is known here.',
    fix: 'Append the missing intermediate after the certificate. If clients have a root of your own, name it as trusted (--roots).',
  },
  untrusted: {
    when: { authority: { noneOf: ['ok', 'missing_intermediate'] } },
    verdict: 'refuses',
    message: 'The certificate chains to no trusted authority.',
  },
  'not-public': {
    when: { publicAuthority: { noneOf: ['ok', 'missing_intermediate'] } },
    verdict: 'refuses',
  },
  'private-authority': { when: { authority: 'ok', publicAuthority: { not: 'ok' } }, verdict: 'warns' },
  ended: { when: { daysLeft: { below: 0 } }, verdict: 'refuses', fix: 'Renew it and give the new one.' },
  expired: {
    when: { validity: 'expired' },
    verdict: 'refuses',
    message: 'A certificate of the chain has expired.',
    fix: 'Renew it.',
  },
  'not-yet-valid': {
    when: { validity: 'not_yet_valid' },
    verdict: 'refuses',
    message: 'A certificate of the chain is not valid yet.',
    fix: 'Wait, or set the clock right.',
  },
  'out-of-time': {
    when: { validity: { oneOf: ['expired', 'not_yet_valid'] } },
    verdict: 'refuses',
    message: 'A certificate of the chain is not valid at this time.',
    fix: 'Renew it, or set the clock right.',
  },
  'host-not-covered': {
    when: { host: 'not-covered' },
    verdict: 'refuses',
    message: 'No alternative name of the certificate matches the host.',
    fix: 'Give one whose names include the host.',
  },
  'no-san': {
    when: { hosts: 0 },
    verdict: 'refuses',
    fix: 'Issue it again with the host as subject alternative name.',
  },
  /** SHA-1 and MD5 under every CA. */
  'forgeable-signature': {
    when: { forgeableSignature: true },
    verdict: 'refuses',
    message: 'A certificate of the chain is signed with SHA-1 or MD5.',
    fix: 'Have it issued again with SHA-256.',
  },
  'key-type': { when: {}, verdict: 'refuses', fix: newKey() },
  'too-long-398': {
    when: { publicAuthority: 'ok', issuedOn: { from: '2020-09-01' }, lifetimeDays: { above: 398 } },
    verdict: 'refuses',
    message: 'It lasts {lifetimeDays} days; a public certificate of that day may last 398.',
    fix: 'Have it issued again with a shorter life.',
  },
  'too-few-logs': {
    when: {
      publicAuthority: 'ok',
      transparency: { oneOf: ['none', 'too-few', 'one-operator', 'no-current-log'] },
    },
    verdict: 'warns',
    message:
      'It carries certificate transparency timestamps of {timestampsCounted} logs of {logOperators} operators that count; {timestampsNeeded} of two operators are wanted, one of a current log, unless the server sends them itself.',
    fix: 'Ask the authority for one with such timestamps in it.',
  },
  'logs-unknown': {
    when: { publicAuthority: 'ok', transparency: 'undecided' },
    verdict: 'warns',
    message:
      'Whether its certificate transparency timestamps suffice is not known: the list of logs here does not cover its time.',
    fix: 'Give a current list of logs (--log-list).',
  },
} as const satisfies Record<string, Partial<Draft>>

type Shared = typeof shared

function newKey(): string {
  return 'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.'
}

/** A shared rule; `own.when` adds or replaces conditions, and the rest replaces the shared words. */
export function rule<Id extends keyof Shared>(
  id: Id,
  own: Partial<Draft> & Omit<Wording, keyof Shared[Id] | 'code' | 'source'>,
): Draft {
  const { when, ...words } = shared[id] as Omit<Draft, 'id'>
  return { id, ...words, ...own, when: { ...when, ...own.when } }
}

export function refuses(id: string, when: Conditions, wording: Wording): Draft {
  return { id, when, verdict: 'refuses', ...wording }
}

export function warns(id: string, when: Conditions, wording: Wording): Draft {
  return { id, when, verdict: 'warns', ...wording }
}

/** Rule of targets that refuse RSA keys below `bits`; `more` completes "The RSA key has … bits". */
export function rsaBelow(bits: number, more: string, own: Pick<Draft, 'code' | 'source'> = {}): Draft {
  const message = `The RSA key has {rsaBits} bits${more}.`
  return refuses('rsa-too-short', { rsaBits: { above: 0, below: bits } }, { message, fix: newKey(), ...own })
}

export function read(url: string, readOn: string, seenIn?: string): Source {
  return { url, readOn, seenIn }
}

/** A target with its rules. `source` is that of the rules without one. */
export function pack(target: RulePack['target'], source: Source, drafts: Draft[]): RulePack {
  return { target, rules: drafts.map((draft) => ({ source, ...draft })) }
}
