import { randomBytes } from 'node:crypto'
import { defaultPolicies } from '../../contract/domains/policies.ts'
import { originDefaults, redirectDefaults, type ServerOrigin } from '../../contract/domains/domains.ts'
import type { StandIn } from '../../edge/protocol/snapshot.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import type { DomainRow } from '../vault/vault.ts'
import { asIssuer, createIntermediate, createRoot, pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import { chainOf, signLeaf } from '../../pki/issue/leaf.ts'

/** Temporary name that no domain has and that resolves to this computer (RFC 6761, section 6.3). */
export function newProofName(): string {
  return `proof-${randomBytes(6).toString('hex')}.localhost`
}

export function isProofName(name: string): boolean {
  return /^proof-[0-9a-f]{12}\.localhost$/.test(name)
}

/** Settings that the edge needs to serve a name, with or without a domain. */
export type ServedRow = Pick<
  DomainRow,
  'name' | 'origin' | 'redirect' | 'policies' | 'httpsState' | 'certificateId'
> & { standIn?: StandIn | undefined }

interface Certificate {
  chainPem: string
  keyPem: SecretBytes
}

/** Temporary names for one probe each, served by the edge and never stored in the vault. */
export type TemporaryNames = ReturnType<typeof createTemporaryNames>

export function createTemporaryNames() {
  const served = new Map<string, { row: ServedRow; certificate: Certificate }>()
  const touched = new Set<string>()
  const idOf = (name: string) => `passing ${name}`
  return {
    rows: () => [...served.values()].map(({ row }) => row),
    get: (name: string) => served.get(name)?.row,
    certificate: (id: string) =>
      [...served.values()].find(({ row }) => row.certificateId === id)?.certificate,
    /** Names added or removed since the last call. */
    takeTouched() {
      const names = [...touched]
      touched.clear()
      return names
    },
    add(name: string, originPort: number, certificate: Certificate, standIn?: StandIn) {
      const origin: ServerOrigin = {
        ...originDefaults,
        protocol: 'http',
        host: '127.0.0.1',
        httpPort: originPort,
        httpsPort: originPort,
      }
      const row: ServedRow = {
        name,
        origin,
        redirect: redirectDefaults,
        policies: defaultPolicies,
        httpsState: 'on',
        certificateId: idOf(name),
        standIn,
      }
      served.get(name)?.certificate.keyPem[Symbol.dispose]()
      served.set(name, { row, certificate })
      touched.add(name)
    },
    setStandIn(name: string, standIn: StandIn) {
      const found = served.get(name)
      if (!found) return
      found.row.standIn = standIn
      touched.add(name)
    },
    /** Wipes the key, which it owns. */
    remove(name: string) {
      served.get(name)?.certificate.keyPem[Symbol.dispose]()
      served.delete(name)
      touched.add(name)
    },
  }
}

const dayMs = 86_400_000

/** Certificate like a real one, of a temporary authority that no client trusts: the control of a probe. */
export async function createUntrustedCertificate(
  name: string,
  at: Date,
): Promise<{ chainPem: string; keyPem: SecretBytes }> {
  const root = await createRoot({ at, host: 'nobody', generation: 1, suffixes: ['localhost'] })
  using _rootKey = root.keyPem
  const issuer = await createIntermediate({ root: asIssuer(root), at, host: 'nobody', generation: 1 })
  using _issuerKey = issuer.keyPem
  const { publicKey, privateKey } = await newLeafKey('p256')
  const wanted = { names: readLeafNames([name]), usage: 'server' as const, publicKey, at, lifeMs: dayMs }
  const der = signLeaf(asIssuer(issuer), wanted)
  return { chainPem: chainOf(der, issuer), keyPem: pkcs8Pem(privateKey) }
}
