/** The package has no types. The bare name `punycode` is Node's own, deprecated. */
declare module 'punycode/punycode.js' {
  const punycode: {
    /** @throws RangeError where `text` is not Punycode (RFC 3492) */
    decode(text: string): string
    encode(text: string): string
  }
  export default punycode
}
