import {
  type CertificateOptions,
  type KeyKind,
  type Keys,
  makeCertificate,
  type MadeCertificate,
  makeKeys,
} from '../pki/certificate-maker.ts'

/** A chain that a server sends, and the question whether a program takes it for `host`. */
export interface ClientCase {
  /** `ed25519-leaf`: stable, the key of the recorded table. */
  id: string
  /** Noun phrase for the table. */
  title: string
  host: string
  make(workshop: Workshop): ServedChain
}

export interface ServedChain {
  /** DER, leaf first. */
  chain: Uint8Array[]
  leafKeys: Keys
  /** Roots that every program trusts besides the workshop's own. */
  roots: Uint8Array[]
}

export interface Workshop {
  now: Date
  root: MadeCertificate
  intermediate: MadeCertificate
  /** Midnight (UTC), `days` from today. */
  day(days: number): Date
  /** A key pair that all cases share. */
  keys(kind: KeyKind): Keys
  /** A certificate for `shop.test` by the intermediate, valid for 90 days. */
  leaf(options?: CertificateOptions): MadeCertificate
  /** A CA certificate by the root. */
  authority(subject: string, options?: CertificateOptions): MadeCertificate
}

const dayMs = 86_400_000
const organisation = 'Edgekeep clients'

export function createWorkshop(now = new Date()): Workshop {
  const made = new Map<KeyKind, Keys>()
  const keys = (kind: KeyKind): Keys => {
    const known = made.get(kind) ?? makeKeys(kind)
    made.set(kind, known)
    return known
  }
  const day = (days: number) => new Date(Math.floor(now.getTime() / dayMs) * dayMs + days * dayMs)
  const authority = (subject: string, options: CertificateOptions = {}): MadeCertificate =>
    makeCertificate({
      subject: `${organisation} ${subject}`,
      authority: true,
      keys: makeKeys('ec'),
      notBefore: day(-30),
      notAfter: day(700),
      ...options,
    })
  const root = authority('root')
  const intermediate = authority('intermediate', { issuer: root })
  return {
    ...{ now, root, intermediate, day, keys },
    authority: (subject, options) => authority(subject, { issuer: root, ...options }),
    leaf: (options) =>
      makeCertificate({
        subject: 'shop.test',
        names: ['shop.test'],
        issuer: intermediate,
        keys: keys('ec'),
        notBefore: day(-3),
        notAfter: day(87),
        ...options,
      }),
  }
}

export function served(chain: MadeCertificate[], roots: MadeCertificate[] = []): ServedChain {
  const [leaf] = chain
  if (!leaf) throw new TypeError('A served chain has a leaf')
  return { chain: chain.map(({ der }) => der), leafKeys: leaf.keys, roots: roots.map(({ der }) => der) }
}

/** A case of one leaf under the usual intermediate. */
export function leafCase(
  id: string,
  title: string,
  options: (workshop: Workshop) => CertificateOptions,
  host = 'shop.test',
): ClientCase {
  return {
    ...{ id, title, host },
    make: (workshop) => served([workshop.leaf(options(workshop)), workshop.intermediate]),
  }
}

/** A case whose chain the caller makes. */
export function chainCase(
  id: string,
  title: string,
  make: ClientCase['make'],
  host = 'shop.test',
): ClientCase {
  return { id, title, host, make }
}
