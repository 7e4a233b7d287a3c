/** The part of the package that is used; it brings no types. The name without a file is Node's own, deprecated. */
declare module 'punycode/punycode.js' {
  const punycode: {
    /** @throws RangeError where `text` is not Punycode (RFC 3492) */
    decode(text: string): string
  }
  export default punycode
}
