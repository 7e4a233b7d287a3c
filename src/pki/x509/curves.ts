export interface Curve {
  name: string
  oid: string
  bits: number
}

const curves = new Map<string, Curve>(
  Object.entries({
    prime256v1: { name: 'P-256', oid: '1.2.840.10045.3.1.7', bits: 256 },
    secp384r1: { name: 'P-384', oid: '1.3.132.0.34', bits: 384 },
    secp521r1: { name: 'P-521', oid: '1.3.132.0.35', bits: 521 },
    prime192v1: { name: 'P-192', oid: '1.2.840.10045.3.1.1', bits: 192 },
    secp224r1: { name: 'P-224', oid: '1.3.132.0.33', bits: 224 },
    secp256k1: { name: 'secp256k1', oid: '1.3.132.0.10', bits: 256 },
    brainpoolP256r1: { name: 'brainpoolP256r1', oid: '1.3.36.3.3.2.8.1.1.7', bits: 256 },
    brainpoolP384r1: { name: 'brainpoolP384r1', oid: '1.3.36.3.3.2.8.1.1.11', bits: 384 },
    brainpoolP512r1: { name: 'brainpoolP512r1', oid: '1.3.36.3.3.2.8.1.1.13', bits: 512 },
  }),
)
const byOid = new Map([...curves.values()].map((curve) => [curve.oid, curve]))

export const curveOfOid = (oid: string): Curve | undefined => byOid.get(oid)
export const curveOfOpenSsl = (name: string): Curve | undefined => curves.get(name)
