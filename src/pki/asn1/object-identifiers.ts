/** A Map, because an object would answer for inherited keys too. */
const table = (names: Record<string, string>): ReadonlyMap<string, string> => new Map(Object.entries(names))

export const attributeNames = table({
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
})

/** Extended key usages (RFC 5280, section 4.2.1.12, and those seen in the wild). */
export const purposeNames = table({
  '2.5.29.37.0': 'any purpose',
  '1.3.6.1.5.5.7.3.1': 'TLS server authentication',
  '1.3.6.1.5.5.7.3.2': 'TLS client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.5': 'IPsec end system',
  '1.3.6.1.5.5.7.3.6': 'IPsec tunnel',
  '1.3.6.1.5.5.7.3.7': 'IPsec user',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
  '1.3.6.1.5.5.7.3.17': 'IKE for IPsec',
  '1.3.6.1.5.5.7.3.28': 'RPKI router',
  '1.3.6.1.5.5.7.3.31': 'brand indicator (BIMI)',
  '1.3.6.1.5.2.3.4': 'Kerberos client authentication',
  '1.3.6.1.5.2.3.5': 'Kerberos KDC',
  '1.3.6.1.4.1.311.10.3.3': 'Microsoft server gated cryptography',
  '1.3.6.1.4.1.311.10.3.4': 'Microsoft encrypted file system',
  '1.3.6.1.4.1.311.10.3.12': 'Microsoft document signing',
  '1.3.6.1.4.1.311.20.2.2': 'Microsoft smart card logon',
  '2.16.840.1.113730.4.1': 'Netscape server gated cryptography',
  '1.0.18013.5.1.2': 'mobile driving licence document signing',
  '1.3.6.1.4.1.11129.2.4.4': 'certificate transparency precertificate signing',
})

/** Certificate policies; the CA/Browser Forum's are the validation levels. */
export const policyNames = table({
  '2.5.29.32.0': 'any policy',
  '2.23.140.1.1': 'extended validation (EV)',
  '2.23.140.1.2.1': 'domain validated (DV)',
  '2.23.140.1.2.2': 'organisation validated (OV)',
  '2.23.140.1.2.3': 'individual validated (IV)',
  '2.23.140.1.3': 'extended validation code signing',
  '2.23.140.1.4.1': 'code signing',
  '2.23.140.1.4.2': 'time stamping',
  '2.23.140.1.5.1.1': 'S/MIME mailbox validated, legacy',
  '2.23.140.1.5.1.2': 'S/MIME mailbox validated, multipurpose',
  '2.23.140.1.5.1.3': 'S/MIME mailbox validated, strict',
  '2.23.140.1.31': 'Tor onion extended validation',
  '1.3.6.1.4.1.44947.1.1.1': "Let's Encrypt domain validated",
  '2.16.840.1.114412.2.1': 'DigiCert extended validation',
  '2.16.840.1.114412.1.1': 'DigiCert organisation validated',
  '2.16.840.1.114412.1.2': 'DigiCert domain validated',
  '1.3.6.1.4.1.6449.1.2.1.5.1': 'Sectigo extended validation',
  '1.3.6.1.4.1.6449.1.2.2.7': 'Sectigo domain validated',
  '1.3.6.1.4.1.4146.1.1': 'GlobalSign extended validation',
  '0.4.0.194112.1.4': 'EU qualified website certificate (QCP-w)',
  '0.4.0.2042.1.4': 'ETSI extended validation (EVCP)',
  '0.4.0.2042.1.6': 'ETSI domain validated (DVCP)',
  '0.4.0.2042.1.7': 'ETSI organisation validated (OVCP)',
})

/** Extensions of certificates, requests and revocation lists. */
export const extensionNames = table({
  '2.5.29.9': 'Subject Directory Attributes',
  '2.5.29.14': 'Subject Key Identifier',
  '2.5.29.15': 'Key Usage',
  '2.5.29.16': 'Private Key Usage Period',
  '2.5.29.17': 'Subject Alternative Name',
  '2.5.29.18': 'Issuer Alternative Name',
  '2.5.29.19': 'Basic Constraints',
  '2.5.29.20': 'CRL Number',
  '2.5.29.21': 'Revocation Reason',
  '2.5.29.24': 'Invalidity Date',
  '2.5.29.27': 'Delta CRL Indicator',
  '2.5.29.28': 'Issuing Distribution Point',
  '2.5.29.29': 'Certificate Issuer',
  '2.5.29.30': 'Name Constraints',
  '2.5.29.31': 'CRL Distribution Points',
  '2.5.29.32': 'Certificate Policies',
  '2.5.29.33': 'Policy Mappings',
  '2.5.29.35': 'Authority Key Identifier',
  '2.5.29.36': 'Policy Constraints',
  '2.5.29.37': 'Extended Key Usage',
  '2.5.29.46': 'Freshest CRL',
  '2.5.29.54': 'Inhibit Any Policy',
  '1.3.6.1.5.5.7.1.1': 'Authority Information Access',
  '1.3.6.1.5.5.7.1.3': 'Qualified Certificate Statements',
  '1.3.6.1.5.5.7.1.11': 'Subject Information Access',
  '1.3.6.1.5.5.7.1.24': 'TLS Feature',
  '1.3.6.1.5.5.7.48.1.5': 'OCSP No Check',
  '1.3.6.1.4.1.11129.2.4.2': 'Signed Certificate Timestamps',
  '1.3.6.1.4.1.11129.2.4.3': 'Certificate Transparency Poison',
  '1.3.6.1.4.1.311.20.2': 'Microsoft Certificate Template Name',
  '1.3.6.1.4.1.311.21.1': 'Microsoft CA Version',
  '1.3.6.1.4.1.311.21.7': 'Microsoft Certificate Template',
  '1.3.6.1.4.1.311.21.10': 'Microsoft Application Policies',
  '2.16.840.1.113730.1.1': 'Netscape Certificate Type',
  '2.16.840.1.113730.1.13': 'Netscape Comment',
  '1.2.840.113533.7.65.0': 'Entrust Version',
  '2.23.140.3.1': 'CA/Browser Forum Organisation Identifier',
})

/** Access methods of AIA and SIA (RFC 5280, section 4.2.2). */
export const accessMethodNames = table({
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'issuer certificate',
  '1.3.6.1.5.5.7.48.3': 'time stamping',
  '1.3.6.1.5.5.7.48.5': 'CA repository',
})

/** Signature algorithms by OID (RFC 3279, 4055, 5758, 8410, FIPS 204, FIPS 205). */
export const signatureNames = table({
  '1.2.840.113549.1.1.2': 'RSA with MD2',
  '1.2.840.113549.1.1.3': 'RSA with MD4',
  '1.2.840.113549.1.1.4': 'RSA with MD5',
  '1.2.840.113549.1.1.5': 'RSA with SHA-1',
  '1.3.14.3.2.29': 'RSA with SHA-1',
  '1.2.840.113549.1.1.14': 'RSA with SHA-224',
  '1.2.840.113549.1.1.11': 'RSA with SHA-256',
  '1.2.840.113549.1.1.12': 'RSA with SHA-384',
  '1.2.840.113549.1.1.13': 'RSA with SHA-512',
  '1.2.840.10045.4.1': 'ECDSA with SHA-1',
  '1.2.840.10045.4.3.1': 'ECDSA with SHA-224',
  '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
  '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
  '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '2.16.840.1.101.3.4.3.1': 'DSA with SHA-224',
  '2.16.840.1.101.3.4.3.2': 'DSA with SHA-256',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.156.10197.1.501': 'SM2 with SM3',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
  // draft-ietf-plants-merkle-tree-certs, and its arc for experiments
  '1.3.6.1.5.5.7.6.67': 'Merkle tree certificate proof',
  '1.3.6.1.4.1.44363.47.0': 'Merkle tree certificate proof (experimental)',
  // draft-ietf-lamps-pq-composite-sigs
  '1.3.6.1.5.5.7.6.37': 'ML-DSA-44 with RSA-PSS 2048 (composite)',
  '1.3.6.1.5.5.7.6.40': 'ML-DSA-44 with ECDSA P-256 (composite)',
  '1.3.6.1.5.5.7.6.45': 'ML-DSA-65 with ECDSA P-256 (composite)',
  '1.3.6.1.5.5.7.6.49': 'ML-DSA-87 with ECDSA P-384 (composite)',
})

export const hashNames = table({
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
})

export interface Curve {
  /** Name in OpenSSL. */
  openSsl: string
  name: string
  oid: string
  bits: number
}

export const curves: readonly Curve[] = [
  { openSsl: 'prime256v1', name: 'P-256', oid: '1.2.840.10045.3.1.7', bits: 256 },
  { openSsl: 'secp384r1', name: 'P-384', oid: '1.3.132.0.34', bits: 384 },
  { openSsl: 'secp521r1', name: 'P-521', oid: '1.3.132.0.35', bits: 521 },
  { openSsl: 'prime192v1', name: 'P-192', oid: '1.2.840.10045.3.1.1', bits: 192 },
  { openSsl: 'secp224r1', name: 'P-224', oid: '1.3.132.0.33', bits: 224 },
  { openSsl: 'secp256k1', name: 'secp256k1', oid: '1.3.132.0.10', bits: 256 },
  { openSsl: 'brainpoolP256r1', name: 'brainpoolP256r1', oid: '1.3.36.3.3.2.8.1.1.7', bits: 256 },
  { openSsl: 'brainpoolP384r1', name: 'brainpoolP384r1', oid: '1.3.36.3.3.2.8.1.1.11', bits: 384 },
  { openSsl: 'brainpoolP512r1', name: 'brainpoolP512r1', oid: '1.3.36.3.3.2.8.1.1.13', bits: 512 },
]

/** Key algorithms and curves (RFC 3279, RFC 5480, RFC 5639), and what requests carry (RFC 2985). */
export const keyNames: ReadonlyMap<string, string> = new Map([
  ...curves.map(({ oid, name }): [string, string] => [oid, name]),
  ...table({
    '1.2.840.113549.1.1.1': 'RSA',
    '1.2.840.113549.1.1.10': 'RSA-PSS',
    '1.2.840.10040.4.1': 'DSA',
    '1.2.840.10045.2.1': 'EC',
    '1.2.840.113549.1.9.14': 'extension request',
    '1.2.840.113549.1.9.7': 'challenge password',
  }),
])

/** Key algorithms without a name in Node, SM2 by its curve (GB/T 32918, RFC 9215, RFC 3279). */
export const foreignKeyNames = table({
  '1.2.156.10197.1.301': 'SM2',
  '1.2.643.2.2.19': 'GOST R 34.10-2001',
  '1.2.643.7.1.1.1.1': 'GOST R 34.10-2012 (256 bits)',
  '1.2.643.7.1.1.1.2': 'GOST R 34.10-2012 (512 bits)',
  '1.2.840.10046.2.1': 'DH (X9.42)',
})
