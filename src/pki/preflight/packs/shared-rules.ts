import type { PreflightRule, Source } from '../rule.ts'

/** Rules for certificate and key that every server has, with the target's own error texts. */
export function keyRules(
  source: Source,
  codes: { missing?: string; other?: string; locked?: string },
): PreflightRule[] {
  return [
    {
      id: 'key-missing',
      when: [{ fact: 'key', is: 'missing' }],
      verdict: 'warns',
      message: 'The private key is not among the files, and it is needed there.',
      fix: 'Add the key that was made with the certificate.',
      ...(codes.missing ? { code: codes.missing } : {}),
      source,
    },
    {
      id: 'key-mismatch',
      when: [{ fact: 'key', oneOf: ['other', 'other-type'] }],
      verdict: 'refuses',
      message: 'The private key does not belong to the certificate.',
      fix: "Find the key that was made with this certificate's request.",
      ...(codes.other ? { code: codes.other } : {}),
      source,
    },
    {
      id: 'key-locked',
      when: [{ fact: 'key', is: 'locked' }],
      verdict: 'refuses',
      message: 'The private key has a passphrase.',
      fix: 'Give the key without its passphrase: openssl pkey -in locked.key -out shop.key',
      ...(codes.locked ? { code: codes.locked } : {}),
      source,
    },
  ]
}

/** Rule of targets that read PEM only. */
export function pemRule(source: Source, code?: string): PreflightRule {
  return {
    id: 'not-pem',
    when: [{ fact: 'form', oneOf: ['der', 'pkcs7', 'pkcs12'] }],
    verdict: 'refuses',
    message: 'The certificate is not in PEM form.',
    fix: 'Save the clean files (edgekeep convert FILE --to pem --out shop.pem) and give those.',
    ...(code ? { code } : {}),
    source,
  }
}

/** Rule of targets that need the leaf before its chain. */
export function orderRule(source: Source, verdict: PreflightRule['verdict'], code?: string): PreflightRule {
  return {
    id: 'leaf-not-first',
    when: [{ fact: 'leafFirst', is: false }],
    verdict,
    message: 'The certificate does not come before its chain.',
    fix: 'Save the clean files: the certificate comes first there, then each one that signed the one before.',
    ...(code ? { code } : {}),
    source,
  }
}

interface TargetText {
  code?: string
  source: Source
}

/** Rule of targets that refuse RSA keys below `bits`; `says` completes "The RSA key has … bits". */
export function rsaRule(
  bits: number,
  { says = '', code, source }: TargetText & { says?: string },
): PreflightRule {
  return {
    id: 'rsa-too-short',
    when: [
      { fact: 'rsaBits', above: 0 },
      { fact: 'rsaBits', below: bits },
    ],
    verdict: 'refuses',
    message: `The RSA key has {rsaBits} bits${says}.`,
    fix: 'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
    ...(code ? { code } : {}),
    source,
  }
}

/** Rule of targets that refuse SHA-1 and MD5 under every CA. */
export function forgeableRule({ code, source }: TargetText): PreflightRule {
  return {
    id: 'forgeable-signature',
    when: [{ fact: 'forgeableSignature', is: true }],
    verdict: 'refuses',
    message: 'A certificate of the chain is signed with SHA-1 or MD5.',
    fix: 'Have it issued again with SHA-256.',
    ...(code ? { code } : {}),
    source,
  }
}

/** Rule of targets that limit public certificates since September 2020 to 398 days. */
export function publicLifetimeRule({ code, source }: TargetText): PreflightRule {
  return {
    id: 'too-long-398',
    when: [
      { fact: 'publicAuthority', is: 'ok' },
      { fact: 'issuedOn', from: '2020-09-01' },
      { fact: 'lifetimeDays', above: 398 },
    ],
    verdict: 'refuses',
    message: 'It lasts {lifetimeDays} days; a public certificate of that day may last 398.',
    fix: 'Have it issued again with a shorter life.',
    ...(code ? { code } : {}),
    source,
  }
}
