import type { CertificateFacts, PublicKeyFacts } from '../../contract/inspect/certificate-facts.ts'
import type { Comparison } from '../../contract/inspect/comparison.ts'
import { formatKey } from '../facts/public-key.ts'

/** Bits of security of RSA by modulus (NIST SP 800-57 part 1, table 2). */
const rsaStrength: [bits: number, strength: number][] = [
  [15_360, 256],
  [7680, 192],
  [3072, 128],
  [2048, 112],
  [1024, 80],
]
const namedStrength = new Map<string, number>(
  Object.entries({
    Ed25519: 128,
    Ed448: 224,
    'ML-DSA-44': 128,
    'ML-DSA-65': 192,
    'ML-DSA-87': 256,
  }),
)

function keyStrength({ type, bits }: PublicKeyFacts): number | undefined {
  if (type.startsWith('RSA')) return rsaStrength.find(([least]) => (bits ?? 0) >= least)?.[1] ?? 0
  if (type === 'EC') return bits === undefined ? undefined : Math.floor(bits / 2)
  return namedStrength.get(type)
}

/** Collisions are feasible for these (RFC 6151, RFC 9155). */
function isForgeable(algorithm: string): boolean {
  return /MD[245]|SHA-1$/.test(algorithm)
}

export function strengthChange(before: CertificateFacts, after: CertificateFacts): Comparison['strength'] {
  const [forgeableBefore, forgeableAfter] = [before, after].map(({ signatureAlgorithm }) =>
    isForgeable(signatureAlgorithm),
  )
  if (forgeableAfter && !forgeableBefore)
    return weaker(`it is signed by ${after.signatureAlgorithm}, which can be forged`)
  const keys = `${formatKey(before.publicKey)} → ${formatKey(after.publicKey)}`
  const [old, fresh] = [keyStrength(before.publicKey), keyStrength(after.publicKey)]
  if (old === undefined || fresh === undefined)
    return before.publicKey.type === after.publicKey.type
      ? { change: 'same', sentence: 'Key and signature are of the same kind.' }
      : { change: 'different', sentence: `The key is of another kind: ${keys}.` }
  if (fresh < old) return weaker(`${keys}, ${fresh} bits of security instead of ${old}`)
  if (fresh > old) return stronger(`${keys}, ${fresh} bits of security instead of ${old}`)
  if (forgeableBefore && !forgeableAfter)
    return stronger(`${before.signatureAlgorithm}, which can be forged, is gone`)
  const sentence =
    before.publicKey.type === after.publicKey.type
      ? 'It is as strong as before'
      : `It is as strong as before, with another kind of key: ${keys}`
  return { change: 'same', sentence: `${sentence}.` }
}

type Change = Comparison['strength']
const weaker = (why: string): Change => ({ change: 'weaker', sentence: `It is weaker: ${why}.` })
const stronger = (why: string): Change => ({ change: 'stronger', sentence: `It is stronger: ${why}.` })
