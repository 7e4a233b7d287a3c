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
    when: {
      authority: {
        oneOf: ['self_signed', 'unknown_authority', 'issuing_rule', 'too_many_names', 'search_exhausted'],
      },
      rootTrust: 'none',
    },
    verdict: 'refuses',
    message: 'The certificate chains to no trusted authority.',
  },
  'not-public': {
    when: { publicAuthority: { noneOf: ['ok', 'missing_intermediate'] } },
    verdict: 'refuses',
  },
  'private-authority': { when: { rootTrust: 'private' }, verdict: 'warns' },
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
    when: { host: { oneOf: ['not-covered', 'common-name'] } },
    verdict: 'refuses',
    message: 'No alternative name of the certificate matches the host.',
    fix: 'Give one whose names include the host.',
  },
  /** Clients that still compare the common name. */
  'common-name-only': {
    when: { host: 'common-name' },
    verdict: 'warns',
    message: 'Only the common name has the host; browsers do not look at it.',
    fix: 'Issue it again with the host as subject alternative name.',
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
  'weak-intermediate': {
    when: { weakIntermediate: true },
    verdict: 'refuses',
    message: 'An intermediate has an RSA key of less than 2048 bits.',
    fix: "Take the authority's current intermediate.",
  },
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

/** Codes of the verifier that a client has an error of its own for: what is wrong, and its cure. */
const pathFaults = [
  ['wrong_purpose', 'It is not for TLS servers.', 'Have it issued again with the purpose serverAuth.'],
  [
    'unknown_critical_extension',
    'An extension is critical and not known.',
    'Have it issued again without it.',
  ],
  [
    'not_an_authority',
    'A CA of the chain may not issue.',
    'Serve the intermediates of the authority that issued it.',
  ],
  [
    'path_too_long',
    'The chain has more intermediates than a CA allows.',
    'Have it issued by a CA further up.',
  ],
  [
    'name_not_permitted',
    'Its CA may not issue for this name.',
    'Get a certificate from an authority that may.',
  ],
  ['policy', 'The chain has no policy that a CA requires.', 'Have it issued under that policy.'],
  ['revoked', 'It is revoked.', 'Have a new one issued, for a new key.'],
  ['malformed', 'A certificate of the chain is malformed.', 'Have it issued again without this fault.'],
  [
    'bad_signature',
    'A signature of the chain is not valid.',
    'Get certificate and chain from the authority again.',
  ],
] as const
type PathFault = (typeof pathFaults)[number][0]

/** A refusal by each fault of `pathFaults`, with the verifier's reason; null leaves one out. */
export function pathRules(usual: string, codes: Partial<Record<PathFault, string | null>> = {}): Draft[] {
  return pathFaults.flatMap(([fault, message, fix]) => {
    const { [fault]: code = usual } = codes
    if (code === null) return []
    const wording = { message: `${message} {authorityReason}`, fix, code }
    return refuses(fault.replaceAll('_', '-'), { authority: fault }, wording)
  })
}

/** Keys, signatures and issuers' keys that a client does not take, with its own error for each. */
export function keyRules(
  taken: { keys: readonly string[]; signatures?: readonly string[] },
  codes: { key: string; signature: string },
): Draft[] {
  const others = ['', ...(taken.signatures ?? [])]
  const named = 'Make a key on a named curve, P-256, and have a certificate issued for it.'
  const cure = 'Have it issued by a CA with an RSA or P-256 key.'
  return [
    rule('key-type', {
      when: { keyKind: { noneOf: taken.keys } },
      message: 'Its key is of the type {keyKind}, which the client does not accept.',
      code: codes.key,
    }),
    refuses(
      'explicit-curve',
      { explicitCurve: true },
      {
        message: 'The key has explicit curve parameters instead of a curve’s name.',
        fix: named,
        code: codes.key,
      },
    ),
    refuses(
      'signature-type',
      { unusualSignature: { noneOf: others } },
      { message: 'It takes no signature of the kind {unusualSignature}.', fix: cure, code: codes.signature },
    ),
    refuses(
      'issuer-key-type',
      { unusualIssuerKey: { noneOf: others } },
      {
        message: 'It takes no CA with a key of the kind {unusualIssuerKey}.',
        fix: cure,
        code: codes.signature,
      },
    ),
  ]
}

/** Refusal of an EKU that is `any` alone, by clients that look for serverAuth itself. */
export function anyPurposeRefused(code: string): Draft {
  const message = 'A certificate of the chain is for any purpose and does not name TLS servers.'
  return refuses('any-purpose', { anyPurposeAlone: true }, { message, fix: pathFaults[0][2], code })
}

/** Refusal of an empty subject beside alternative names that are not critical. */
export function emptySubjectRefused(code: string): Draft {
  const message = 'Its subject is empty, and its alternative names are not critical.'
  const fix = 'Have it issued again with a common name, or with critical alternative names.'
  return refuses('empty-subject', { emptySubject: true }, { message, fix, code })
}

/** Roots that other programs have and this one has not, or not for this certificate. */
export function rootRules(code: string): Draft[] {
  const elsewhere =
    'Have an authority issue one that all the clients have; or install the root where it is to count.'
  return [
    refuses(
      'root-not-listed',
      { rootTrust: { oneOf: ['unlisted', 'distrusted'] } },
      { message: 'The root is not in its list. {authorityReason}', fix: elsewhere, code },
    ),
    refuses(
      'root-condition',
      { rootTrust: 'outside' },
      { message: 'Its list has a condition for the root. {authorityReason}', fix: elsewhere, code },
    ),
  ]
}
