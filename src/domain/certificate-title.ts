interface Titled {
  notAfter: string
  /** RFC 4514 string. */
  issuer: string
  fingerprintSha256: string
}

/** Names for a certificate, the plainest first; the last one belongs to no other certificate. */
export function certificateTitles(wanted: string, { notAfter, issuer, fingerprintSha256 }: Titled): string[] {
  const end = `until ${notAfter.slice(0, 10)}`
  return [
    wanted,
    `${wanted} (${end})`,
    `${wanted} (${end}, ${commonNameOf(issuer)})`,
    `${wanted} (${end}, ${fingerprintSha256.slice(0, 12)})`,
  ]
}

/** Sentence for a certificate that did not get the name that a person gave it; empty if it did. */
export function takenNameSentence(wanted: string | undefined, name: string): string {
  const given = wanted?.trim() ?? ''
  return given === '' || given === name ? '' : `Another certificate is called "${given}" already.`
}

/** Common name of an RFC 4514 string, else the whole string. */
export function commonNameOf(issuer: string): string {
  return /(?:^|,\s*)CN=((?:\\.|[^,\\])+)/.exec(issuer)?.[1]?.replace(/\\(.)/g, '$1') ?? issuer
}
