/** Tests for an OID in dotted form, `2.23.140.1.2.1`. */
export function isObjectIdentifier(text: string): boolean {
  return /^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,30}$/.test(text)
}
