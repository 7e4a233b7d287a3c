import {
  extension,
  keyIdentifier,
  moment,
  signatureAlgorithm,
  signed,
  type Keys,
  type MadeCertificate,
} from './certificate-maker.ts'
import * as der from './der-writer.ts'

export interface RevokedOptions {
  serial: bigint
  /** RFC 5280, section 5.3.1. */
  reason?: number
  /** Certificate issuer entry of an indirect CRL, as a DER name. */
  issuer?: Uint8Array
  extra?: Uint8Array
}

export interface CrlOptions {
  issuer: MadeCertificate
  /** Replaces the issuer's keys. */
  keys?: Keys
  revoked?: RevokedOptions[]
  thisUpdate?: Date
  /** Null leaves it out. */
  nextUpdate?: Date | null
  /** Null leaves it out. */
  number?: number | null
  base?: number
  /** Leaves the authority key identifier out. */
  keyless?: boolean
  /** The content of IssuingDistributionPoint. */
  scope?: Uint8Array
  extra?: Uint8Array
  version?: number
  hash?: 'sha1' | 'sha256'
}

export function makeCrl(options: CrlOptions): Uint8Array {
  const keys = options.keys ?? options.issuer.keys
  const { number = 1, nextUpdate = new Date(moment.getTime() + 86_400_000) } = options
  const extensions = [
    ...(options.keyless ? [] : [extension('2.5.29.35', der.sequence(der.implicit(0, keyIdentifier(keys))))]),
    ...(number === null ? [] : [extension('2.5.29.20', der.integer(number))]),
    ...(options.base === undefined ? [] : [extension('2.5.29.27', der.integer(options.base), true)]),
    ...(options.scope ? [extension('2.5.29.28', options.scope, true)] : []),
    ...(options.extra ? [options.extra] : []),
  ]
  const revoked = (options.revoked ?? []).map(revokedEntry)
  const tbs = der.sequence(
    ...(options.version === 1 ? [] : [der.integer(1)]),
    signatureAlgorithm(keys, options.hash),
    options.issuer.name,
    der.time(options.thisUpdate ?? new Date(moment.getTime() - 86_400_000)),
    ...(nextUpdate ? [der.time(nextUpdate)] : []),
    ...(revoked.length > 0 ? [der.sequence(...revoked)] : []),
    ...(options.version === 1 ? [] : [der.explicit(0, der.sequence(...extensions))]),
  )
  return signed(tbs, keys, options.hash)
}

function revokedEntry({ serial, reason, issuer, extra }: RevokedOptions): Uint8Array {
  const extensions = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', der.element(0x0a, Uint8Array.of(reason)))]),
    ...(issuer ? [extension('2.5.29.29', der.sequence(der.explicit(4, issuer)), true)] : []),
    ...(extra ? [extra] : []),
  ]
  const date = der.time(new Date('2026-05-04T03:02:01Z'))
  return der.sequence(
    der.integer(serial),
    date,
    ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
  )
}

/** IssuingDistributionPoint. `name` is the DER of a GeneralName, `reasons` bit numbers. */
export function scope(options: {
  name?: Uint8Array
  onlyUsers?: boolean
  onlyAuthorities?: boolean
  onlyAttributes?: boolean
  reasons?: number[]
  indirect?: boolean
}): Uint8Array {
  const flag = (number: number, value?: boolean) => (value ? [der.implicit(number, Uint8Array.of(0xff))] : [])
  return der.sequence(
    ...(options.name ? [pointName(options.name)] : []),
    ...flag(1, options.onlyUsers),
    ...flag(2, options.onlyAuthorities),
    ...(options.reasons ? [der.implicit(3, reasonBits(options.reasons))] : []),
    ...flag(4, options.indirect),
    ...flag(5, options.onlyAttributes),
  )
}

/** CRLDistributionPoints with one point. */
export function distributionPoint(options: {
  name?: Uint8Array
  reasons?: number[]
  crlIssuer?: Uint8Array
}): Uint8Array {
  const point = der.sequence(
    ...(options.name ? [pointName(options.name)] : []),
    ...(options.reasons ? [der.implicit(1, reasonBits(options.reasons))] : []),
    ...(options.crlIssuer ? [der.explicit(2, der.explicit(4, options.crlIssuer))] : []),
  )
  return extension('2.5.29.31', der.sequence(point))
}

function pointName(name: Uint8Array): Uint8Array {
  return der.explicit(0, der.explicit(0, name))
}

function reasonBits(bits: number[]): Uint8Array {
  const value = bits.reduce((sum, bit) => sum | (0x8000 >> bit), 0)
  return Uint8Array.of(7, value >> 8, value & 0xff)
}
