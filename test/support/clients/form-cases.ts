import { accessInformation, authorityInformationAccess, extension } from '../pki/certificate-maker.ts'
import * as der from '../pki/der-writer.ts'
import { oids, policies, timestamps } from '../pki/public-certificate.ts'
import { type ClientCase, leafCase } from './client-case.ts'

const lifetime = (id: string, title: string, from: number, until: number): ClientCase =>
  leafCase(`time-${id}`, title, ({ day }) => ({ notBefore: day(from), notAfter: day(until) }))

const timeCases = [
  lifetime('expired', 'leaf that expired yesterday', -30, -1),
  lifetime('not-yet', 'leaf that is not valid yet', 2, 90),
  lifetime('398-days', 'leaf for 398 days', -1, 397),
  lifetime('825-days', 'leaf for 825 days', -1, 824),
  lifetime('900-days', 'leaf for 900 days', -1, 899),
  lifetime('ten-years', 'leaf for ten years', -1, 3650),
  lifetime('backwards', 'leaf that ends before it begins', 30, -30),
  leafCase('time-no-end', 'leaf until the end of 9999', () => ({
    notAfter: new Date('9999-12-31T23:59:59Z'),
  })),
  leafCase('time-outlives', 'leaf that outlives its intermediate', ({ day }) => ({ notAfter: day(800) })),
]

const unknown = '1.3.6.1.4.1.55555.1'
const added = (id: string, title: string, oid: string, content: Uint8Array, critical = false): ClientCase =>
  leafCase(`form-${id}`, title, () => ({ extensions: { [oid]: extension(oid, content, critical) } }))

const extensionCases = [
  added('unknown-critical', 'unknown critical extension', unknown, der.element(5), true),
  added('unknown', 'unknown extension', unknown, der.element(5)),
  added('must-staple', 'must-staple, no stapled response', oids.tlsFeature, der.sequence(der.integer(5))),
  added('precertificate', 'precertificate poison', '1.3.6.1.4.1.11129.2.4.3', der.element(5), true),
  added(
    'netscape-server',
    'Netscape type for servers',
    '2.16.840.1.113730.1.1',
    der.bitString(Uint8Array.of(0x40), 6),
  ),
  added(
    'netscape-client',
    'Netscape type for clients',
    '2.16.840.1.113730.1.1',
    der.bitString(Uint8Array.of(0x80), 7),
  ),
  added('broken-timestamps', 'damaged timestamps', oids.timestamps, der.octetString(Uint8Array.of(0, 5, 1))),
  added('broken-usage', 'damaged key usage', oids.keyUsage, der.octetString(Uint8Array.of(1)), true),
  added(
    'name-constraints',
    'name constraints in a leaf',
    '2.5.29.30',
    der.sequence(der.explicit(0, der.sequence(der.implicit(2, Buffer.from('shop.test'))))),
    true,
  ),
  leafCase('form-timestamps', 'timestamps of logs that do not exist', () => ({
    extensions: { [oids.timestamps]: timestamps(3) },
  })),
  leafCase('form-policies', 'certificate policy', () => ({
    extensions: { [oids.policies]: policies('2.23.140.1.2.1') },
  })),
  leafCase('form-policy-critical', 'critical certificate policy of an unknown kind', () => ({
    extensions: {
      [oids.policies]: extension(
        oids.policies,
        der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.4.1.55555.9'))),
        true,
      ),
    },
  })),
  leafCase('form-access', 'address of the issuer', () => ({
    extensions: { [authorityInformationAccess]: accessInformation('http://127.0.0.1:9/i.crt') },
  })),
  leafCase('form-no-subject-key', 'no subject key identifier', () => ({
    extensions: { [oids.subjectKey]: null },
  })),
  leafCase('form-no-authority-key', 'no authority key identifier', () => ({
    extensions: { [oids.authorityKey]: null },
  })),
  leafCase('form-other-authority-key', 'authority key identifier of another key', () => ({
    extensions: {
      [oids.authorityKey]: extension(oids.authorityKey, der.sequence(der.implicit(0, Buffer.alloc(20, 7)))),
    },
  })),
  leafCase('form-no-constraints', 'no basic constraints', () => ({
    extensions: { [oids.constraints]: null },
  })),
  leafCase('form-constraints-not-critical', 'basic constraints that are not critical', () => ({
    extensions: { [oids.constraints]: extension(oids.constraints, der.sequence()) },
  })),
  leafCase('form-path-length', 'path length without being a CA', () => ({
    extensions: { [oids.constraints]: extension(oids.constraints, der.sequence(der.integer(0)), true) },
  })),
  leafCase('form-default-encoded', 'CA false written out', () => ({
    extensions: { [oids.constraints]: extension(oids.constraints, der.sequence(der.boolean(false)), true) },
  })),
  leafCase('form-twice', 'extension that occurs twice', () => ({
    extensions: {
      twice: Buffer.concat([extension(unknown, der.element(5)), extension(unknown, der.element(5))]),
    },
  })),
]

const versionCases = [
  leafCase('form-version-1', 'leaf of version 1', () => ({ version: 1 })),
  leafCase('form-version-2', 'leaf of version 2', () => ({ version: 2 })),
  leafCase('form-serial-0', 'serial number 0', () => ({ serial: 0n })),
  leafCase('form-serial-long', 'serial number of 21 octets', () => ({ serial: 1n << 160n })),
  leafCase('form-serial-32', 'serial number of 32 octets', () => ({ serial: 1n << 248n })),
]

export const formCases = [...timeCases, ...extensionCases, ...versionCases]
