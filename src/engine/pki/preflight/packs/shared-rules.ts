import type { PreflightRule, Source } from '../rule.ts'

/** What a certificate and key have to be for anybody who serves them, each with the target's own words. */
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

/** For targets that read PEM alone. */
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

/** For targets that want the leaf before its chain. */
export function orderRule(source: Source, verdict: PreflightRule['verdict'], code?: string): PreflightRule {
  return {
    id: 'leaf-not-first',
    when: [{ fact: 'leafFirst', is: false }],
    verdict,
    message: 'The certificate does not stand before its chain.',
    fix: 'Save the clean files: the certificate comes first there, then each one that signed the one before.',
    ...(code ? { code } : {}),
    source,
  }
}
