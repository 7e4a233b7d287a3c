/** Programs whose leniency with names is not judged: a name that counts for RFC 9525 alone works in all of them. */
const laxNames = 'a name outside of RFC 9525, section 6.3, which this program takes and others refuse'
const rootAsKey = 'Java takes a trusted root as a name and a key, whatever its extensions say'
const parsing = 'the program does not read the damaged part, and others refuse the certificate for it'
const netscape = 'Netscape’s certificate type is no longer written by any authority, and not judged'
const opensslParsing = 'OpenSSL refuses what it cannot read in some extensions and takes it in others'

/** Cells in which a rule pack does not say what the program does, as `program case`, with the reason. */
export const knownDifferences: Record<string, string> = {
  'chrome root-no-constraints':
    'a root without basic constraints is refused by Firefox, Java and Go, so by all here',
  'node root-no-constraints':
    'a root without basic constraints is refused by Firefox, Java and Go, so by all here',
  'chrome root-ml-dsa-65': 'Chromium takes such chains, but NSS adds no root with an ML-DSA key to its store',
  'chrome name-printable': 'the characters of a PrintableString are not judged',
  'chrome name-trailing-dot': laxNames,
  'node name-trailing-dot': laxNames,
  'chrome name-hyphen': laxNames,
  'node name-hyphen': laxNames,
  'java name-wildcard-top': laxNames,
  'java name-wildcard-part': laxNames,
  'node name-wildcard-part': laxNames,
  'java name-wildcard-part-start': laxNames,
  'node name-wildcard-part-start': laxNames,
  'java name-wildcard-inner': laxNames,
  'java name-wildcard-double': laxNames,
  'java name-empty': parsing,
  'node name-empty': 'Node compares the common name unless there is an empty list of alternative names',
  'firefox name-utf8': parsing,
  'java name-utf8': parsing,
  'firefox name-ip-length': parsing,
  'java name-ip-length': parsing,
  'firefox form-twice': parsing,
  'java root-path-length-0': rootAsKey,
  'java root-names-violated': rootAsKey,
  'java root-client-purpose': rootAsKey,
  'java chain-client-purpose': 'Java looks at the purpose of the leaf alone',
  'java purpose-step-up': 'the purpose of Netscape step-up is ended, and only OpenSSL and Java still take it',
  'node purpose-step-up': 'the purpose of Netscape step-up is ended, and only OpenSSL and Java still take it',
  'firefox purpose-server-and-ocsp':
    'no authority issues OCSPSigning beside serverAuth; lint has a finding for it',
  'firefox form-must-staple': 'the server of the run staples nothing; the pack warns of that',
  'java form-netscape-client': netscape,
  'node form-netscape-client': netscape,
  'node root-rsa1024': 'the key of a root is no fact of a pack',
  'node purpose-empty': opensslParsing,
  'node form-broken-usage': opensslParsing,
  'node form-other-authority-key': 'a key identifier that leads to no issuer is a hint for the verifier here',
}
