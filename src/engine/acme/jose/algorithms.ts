import { constants, sign, verify, type KeyObject } from 'node:crypto'
import { JoseFault } from './jose-fault.ts'

/** Signature algorithms of RFC 7518, section 3.1, and RFC 8037; never `none`, and no MAC. */
export type SignatureAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'PS256' | 'EdDSA'

interface Rule {
  keyType: string
  curve?: string
  hash: string | null
  pss?: boolean
}

const rules: ReadonlyMap<string, Rule> = new Map<SignatureAlgorithm, Rule>([
  ['ES256', { keyType: 'ec', curve: 'prime256v1', hash: 'sha256' }],
  ['ES384', { keyType: 'ec', curve: 'secp384r1', hash: 'sha384' }],
  ['ES512', { keyType: 'ec', curve: 'secp521r1', hash: 'sha512' }],
  ['RS256', { keyType: 'rsa', hash: 'sha256' }],
  ['PS256', { keyType: 'rsa', hash: 'sha256', pss: true }],
  ['EdDSA', { keyType: 'ed25519', hash: null }],
])

export const signatureAlgorithms = [...rules.keys()] as SignatureAlgorithm[]

/** The algorithm for signing with `key`: the one of its curve, RS256 or EdDSA. */
export function algorithmFor(key: KeyObject): SignatureAlgorithm {
  const found = signatureAlgorithms.find((name) => fits(key, rules.get(name)))
  if (!found) throw new JoseFault('key', 'No signature algorithm is known for this type of key.')
  return found
}

export function signBytes(algorithm: SignatureAlgorithm, bytes: Buffer, key: KeyObject): Buffer {
  const rule = ruleOf(algorithm, key)
  return sign(rule.hash, bytes, withOptions(rule, key))
}

/** @throws a `JoseFault`: `algorithm`, or `signature` */
export function verifyBytes(algorithm: unknown, bytes: Buffer, key: KeyObject, signature: Buffer): void {
  const rule = ruleOf(algorithm, key)
  if (!verify(rule.hash, bytes, withOptions(rule, key), signature))
    throw new JoseFault('signature', 'The signature does not fit the key and what is signed.')
}

function ruleOf(algorithm: unknown, key: KeyObject): Rule {
  const rule = typeof algorithm === 'string' ? rules.get(algorithm) : undefined
  if (!rule)
    throw new JoseFault('algorithm', `The algorithm is not one of ${signatureAlgorithms.join(', ')}.`)
  if (!fits(key, rule)) throw new JoseFault('algorithm', 'The algorithm is not one for this type of key.')
  return rule
}

function fits(key: KeyObject, rule: Rule | undefined): boolean {
  if (!rule || key.asymmetricKeyType !== rule.keyType) return false
  return rule.curve === undefined || key.asymmetricKeyDetails?.namedCurve === rule.curve
}

/** RFC 7518, section 3.4 (r and s concatenated) and 3.5 (a salt as long as the hash). */
function withOptions({ pss }: Rule, key: KeyObject) {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return { key, dsaEncoding: 'ieee-p1363' as const, ...(pss ? padding : {}) }
}
