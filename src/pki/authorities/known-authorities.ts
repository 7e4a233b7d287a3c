import table from './known-authorities.json' with { type: 'json' }

/** Published facts of one certificate of a CA. Serial: hexadecimal, without leading zeros. */
interface IssuedCertificate {
  issuer: string
  serial: string
  address?: string
  /** Day from which another certificate replaces this one, which its issuer revoked. */
  replaced?: string
}

interface KnownAuthority {
  /** Common name. */
  name: string
  spkiSha256: string
  certificates: IssuedCertificate[]
}

let authorities: KnownAuthority[] = table.authorities
let bySerial = serialsOf(authorities)

function serialsOf(all: KnownAuthority[]): Map<string, IssuedCertificate> {
  return new Map(all.flatMap(({ certificates }) => certificates.map((one) => [one.serial, one])))
}

/** Replaces the table; without an argument by the shipped one. */
export function useAuthorities(all: KnownAuthority[] = table.authorities): void {
  authorities = all
  bySerial = serialsOf(all)
}

/** The CA with this common name or this SHA-256 of its SPKI. */
export function knownAuthority(nameOrKey: string): KnownAuthority | undefined {
  return authorities.find(({ name, spkiSha256 }) => name === nameOrKey || spkiSha256 === nameOrKey)
}

/** Address of the current certificate that another CA issued to this one: an intermediate or a cross-sign. */
export function publishedCertificate(nameOrKey: string): { issuer: string; address: string } | undefined {
  for (const { issuer, address } of knownAuthority(nameOrKey)?.certificates ?? [])
    if (address !== undefined) return { issuer, address }
  return undefined
}

/** A revoked certificate of a CA, by its serial number, the content of an INTEGER. */
export function replacedCertificate(serial: Uint8Array): { issuer: string; replaced: string } | undefined {
  const { issuer, replaced } =
    bySerial.get(
      Buffer.from(serial)
        .toString('hex')
        .replace(/^(?:00)+/, ''),
    ) ?? {}
  return issuer === undefined || replaced === undefined ? undefined : { issuer, replaced }
}
