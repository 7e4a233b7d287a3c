import * as der from './der-writer.ts'
import {
  type CertificateOptions,
  commonName,
  extension,
  generalName,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
} from './certificate-maker.ts'
import { logListOf, makeLoggedCertificate, makeLog, type TestLog } from './transparency-logs.ts'

export const oids = {
  policies: '2.5.29.32',
  access: '1.3.6.1.5.5.7.1.1',
  lists: '2.5.29.31',
  timestamps: '1.3.6.1.4.1.11129.2.4.2',
  alternativeNames: '2.5.29.17',
  keyUsage: '2.5.29.15',
  constraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  subjectKey: '2.5.29.14',
  purposes: '2.5.29.37',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
}

export function policies(...policyOids: string[]): Uint8Array {
  return extension(
    oids.policies,
    der.sequence(...policyOids.map((oid) => der.sequence(der.objectIdentifier(oid)))),
  )
}

export function access(...addresses: [method: 'ocsp' | 'issuer', address: string][]): Uint8Array {
  const methods = { ocsp: '1.3.6.1.5.5.7.48.1', issuer: '1.3.6.1.5.5.7.48.2' }
  const descriptions = addresses.map(([method, address]) =>
    der.sequence(der.objectIdentifier(methods[method]), generalName(address)),
  )
  return extension(oids.access, der.sequence(...descriptions))
}

export function listsAt(...addresses: string[]): Uint8Array {
  const points = addresses.map((address) =>
    der.sequence(der.explicit(0, der.explicit(0, generalName(address)))),
  )
  return extension(oids.lists, der.sequence(...points))
}

/** Timestamps of `logs` logs that do not exist (RFC 6962, section 3.2). */
export function timestamps(logs: number, at = new Date('2026-06-01T00:00:00Z')): Uint8Array {
  const entries = Array.from({ length: logs }, (_, log) => {
    // Without CtExtensions, and with an empty signature.
    const sct = Buffer.alloc(47)
    sct.fill(log + 1, 1, 33)
    sct.writeBigUInt64BE(BigInt(at.getTime()), 33)
    return Buffer.concat([Buffer.from([0, sct.length]), sct])
  })
  const list = Buffer.concat(entries)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(list.length)
  return extension(oids.timestamps, der.octetString(Buffer.concat([length, list])))
}

const country = der.set(der.sequence(der.objectIdentifier('2.5.4.6'), der.element(0x13, Buffer.from('NL'))))

export function authorityName(title: string, organisation = 'Public Trust'): Uint8Array {
  return der.sequence(
    country,
    der.set(der.sequence(der.objectIdentifier('2.5.4.10'), der.utf8(organisation))),
    der.set(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8(title))),
  )
}

let serial = 0x7a11_2233_4455_6677n
const ec = (): ReturnType<typeof makeKeys> => makeKeys('ec')

export function publicIntermediate(root: MadeCertificate, options: CertificateOptions = {}): MadeCertificate {
  return makeCertificate({
    subject: authorityName('Public CA'),
    issuer: root,
    authority: { pathLength: 0 },
    keys: ec(),
    serial: (serial += 1n),
    purposes: ['1.3.6.1.5.5.7.3.1'],
    ...options,
    extensions: {
      [oids.policies]: policies('2.23.140.1.2.1'),
      [oids.lists]: listsAt('http://ca.example.com/root.crl'),
      [oids.access]: access(['issuer', 'http://ca.example.com/root.crt']),
      ...options.extensions,
    },
  })
}

export function publicRoot(name = 'Public Root'): MadeCertificate {
  return makeCertificate({ subject: authorityName(name), authority: true, keys: ec() })
}

/** Logs of two operators, which a test that judges timestamps has to make known (`useLogList`). */
export const logs = {
  one: makeLog('One', 'A'),
  two: makeLog('Two', 'B', { keys: makeKeys('rsa') }),
  three: makeLog('Three', 'A'),
  retired: makeLog('Retired', 'A', { state: ['retired', '2026-07-01T00:00:00Z'] }),
  longRetired: makeLog('LongRetired', 'B', { state: ['retired', '2026-03-01T00:00:00Z'] }),
  alsoRetired: makeLog('AlsoRetired', 'B', { state: ['retired', '2026-07-01T00:00:00Z'] }),
  pending: makeLog('Pending', 'A', { state: ['pending', '2026-03-01T00:00:00Z'] }),
  tiled: makeLog('Tiled', 'A', { isTiled: true }),
  alsoTiled: makeLog('AlsoTiled', 'B', { isTiled: true }),
  ofNextYear: makeLog('Next', 'A', { ends: ['2027-01-01T00:00:00Z', '2027-07-01T00:00:00Z'] }),
}
export const logsOfTests = logListOf(Object.values(logs))

export type LoggedOptions = CertificateOptions & { logged?: TestLog[] }

/** Makes a certificate without lint findings, as a public authority does. */
export function publicLeaf(
  issuer: MadeCertificate,
  { logged = [logs.one, logs.two], ...options }: LoggedOptions = {},
): MadeCertificate {
  const leaf = {
    subject: commonName('shop.example.com'),
    names: ['shop.example.com', 'www.shop.example.com'],
    issuer,
    keys: ec(),
    serial: (serial += 1n),
    notBefore: new Date('2026-06-01T00:00:00Z'),
    notAfter: new Date('2026-08-29T23:59:59Z'),
    ...options,
    extensions: {
      [oids.policies]: policies('2.23.140.1.2.1'),
      [oids.access]: access(['ocsp', 'http://ocsp.example.com'], ['issuer', 'http://ca.example.com/ca.crt']),
      [oids.lists]: listsAt('http://ca.example.com/ca.crl'),
      ...options.extensions,
    },
  }
  return options.extensions?.[oids.timestamps] === undefined
    ? makeLoggedCertificate(leaf, logged)
    : makeCertificate(leaf)
}
