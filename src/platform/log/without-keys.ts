/*
 * Last line of defence: no code passes a key to a log, and if one ever did, or if a crashing process printed
 * one, it would still not reach the file. Everything that looks like key material is removed in every form in
 * which Node, OpenSSL and JSON write bytes. That includes fingerprints, which no log needs.
 */

export const removed = '[private key removed]'

/** A number of 24 bytes in hexadecimal; as a decimal number it has more digits. */
const longNumber = 48
/** No port, date or address has this many bytes in a row. */
const longList = 8
/** 30 bytes in base64 or base64url. */
const longRun = 40
const longMember = 16

/** Private members of a JWK (RFC 7518, section 6), in JSON, in nested JSON and in Node's inspection. */
const jwkMember = /\b(d|p|q|dp|dq|qi|k)((?:\\*["'])?: ?\\*["'])([\w-]+)/g

/** Candidate for base64, with the lines that follow. */
const base64Run = /[\w+/=-]+(?:(?:\\r|\\n|\r|\n)+[\w+/=-]+)*/g
const lineEnd = /(?:\\r|\\n|\r|\n)+/

/** File extension that follows a path in a stack trace, which otherwise looks like base64. */
const endingOfFile = /^\.(?:[cm]?[jt]sx?|node|wasm|json)\b/

/** Removes private keys, whole or truncated. */
export function withoutKeys(text: string): string {
  return withoutBase64(withoutBytes(withoutMembers(withoutPem(text))))
}

function withoutPem(text: string): string {
  const [before = '', ...keys] = text.split(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/)
  return [before, ...keys.map(afterKey)].join(removed)
}

/** Rest after a key's first line: its last line, or the end of the JSON string, ends it. */
function afterKey(text: string): string {
  const end = text.search(/-----END|"/)
  return end < 0 ? '' : text.slice(end).replace(/^-----END [A-Z0-9 ]*PRIVATE KEY-----/, '')
}

function withoutMembers(text: string): string {
  return text.replace(jwkMember, (member, name: string, between: string, value: string) =>
    value.length < longMember ? member : `${name}${between}${removed}`,
  )
}

/**
 * Removes DER and secret numbers in hexadecimal or decimal, as bytes with separators (`openssl -text`,
 * `<Buffer 30 82 …>`) and as lists of numbers (a `Uint8Array`, a `Buffer` in JSON).
 */
function withoutBytes(text: string): string {
  let redacted = ''
  let from = 0
  for (const { start, end } of byteLists(text)) {
    redacted += text.slice(from, start) + removed
    from = end
  }
  return redacted + text.slice(from)
}

function byteLists(text: string): { start: number; end: number }[] {
  const lists: { start: number; end: number; count: number }[] = []
  for (const { 0: digits, index } of text.matchAll(/\w+/g)) {
    if (!/^[0-9a-f]+$/i.test(digits)) continue
    const end = index + digits.length
    const last = lists.at(-1)
    const isByte = digits.length <= 3
    if (last && last.count > 0 && isByte && /^(?:[:,\s]|\\n)+$/.test(text.slice(last.end, index))) {
      last.end = end
      last.count += 1
    } else {
      lists.push({ start: index, end, count: isByte ? 1 : 0 })
    }
  }
  return lists.filter(({ start, end, count }) =>
    count === 0 ? end - start >= longNumber : count >= longList,
  )
}

function withoutBase64(text: string): string {
  return text.replace(base64Run, (run, at: number) => {
    const long = run.split(lineEnd).find((line) => line.length >= longRun)
    if (long === undefined) return run
    const begins = run.indexOf(long)
    const after = at + run.length
    const isPath = begins + long.length === run.length && endingOfFile.test(text.slice(after, after + 6))
    return isPath ? run : run.slice(0, begins) + removed
  })
}
