import { extension } from '../pki/certificate-maker.ts'
import * as der from '../pki/der-writer.ts'
import { type ClientCase, leafCase } from './client-case.ts'

const bits = {
  'digital-signature': [0],
  'key-encipherment': [2],
  'signature-and-encipherment': [0, 2],
  'key-agreement': [4],
  'non-repudiation': [1],
  'data-encipherment': [3],
  'certificate-signing': [5],
  'list-signing': [6],
  'signature-and-certificate-signing': [0, 5],
  none: [],
}
const bitNames: Record<number, string> = {
  0: 'digitalSignature',
  1: 'nonRepudiation',
  2: 'keyEncipherment',
  3: 'dataEncipherment',
  4: 'keyAgreement',
  5: 'keyCertSign',
  6: 'cRLSign',
}

const keyUsages = Object.entries(bits).flatMap(([id, keyUsage]): ClientCase[] =>
  (['ec', 'rsa'] as const).map((kind) => {
    const usage =
      keyUsage.length === 0
        ? 'no key usage'
        : `key usage ${keyUsage.map((bit) => bitNames[bit]).join(' and ')}`
    return leafCase(
      `usage-${id}-${kind}`,
      `${kind === 'ec' ? 'P-256' : 'RSA'} key with ${usage}`,
      ({ keys }) => ({
        keys: keys(kind),
        keyUsage: [...keyUsage],
      }),
    )
  }),
)

const usageForms = [
  leafCase('usage-empty', 'key usage without a bit', () => ({
    extensions: { '2.5.29.15': extension('2.5.29.15', der.bitString(Uint8Array.of()), true) },
  })),
  leafCase('usage-not-critical', 'key usage that is not critical', () => ({
    extensions: { '2.5.29.15': extension('2.5.29.15', der.bitString(Uint8Array.of(0x80), 7)) },
  })),
]

const purpose = (last: number) => `1.3.6.1.5.5.7.3.${last}`
const purposes: Record<string, [title: string, oids: string[]]> = {
  none: ['no extended key usage', []],
  client: ['extended key usage clientAuth', [purpose(2)]],
  both: ['extended key usage serverAuth and clientAuth', [purpose(1), purpose(2)]],
  any: ['extended key usage any', ['2.5.29.37.0']],
  'any-and-server': ['extended key usage any and serverAuth', ['2.5.29.37.0', purpose(1)]],
  code: ['extended key usage codeSigning', [purpose(3)]],
  mail: ['extended key usage emailProtection', [purpose(4)]],
  ocsp: ['extended key usage OCSPSigning', [purpose(9)]],
  'server-and-ocsp': ['extended key usage serverAuth and OCSPSigning', [purpose(1), purpose(9)]],
  'step-up': ['extended key usage Netscape step-up', ['2.16.840.1.113730.4.1']],
  unknown: ['extended key usage of an unknown kind', ['1.3.6.1.4.1.55555.1']],
}

const purposeCases = Object.entries(purposes).map(([id, [title, oids]]) =>
  leafCase(`purpose-${id}`, title, () => ({ purposes: oids })),
)

const purposeForms = [
  leafCase('purpose-critical', 'critical extended key usage serverAuth', () => ({
    extensions: {
      '2.5.29.37': extension('2.5.29.37', der.sequence(der.objectIdentifier(purpose(1))), true),
    },
  })),
  leafCase('purpose-client-critical', 'critical extended key usage clientAuth', () => ({
    extensions: {
      '2.5.29.37': extension('2.5.29.37', der.sequence(der.objectIdentifier(purpose(2))), true),
    },
  })),
  leafCase('purpose-empty', 'extended key usage without a purpose', () => ({
    extensions: { '2.5.29.37': extension('2.5.29.37', der.sequence()) },
  })),
]

export const usageCases = [...keyUsages, ...usageForms, ...purposeCases, ...purposeForms]
