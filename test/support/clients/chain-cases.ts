import {
  type CertificateOptions,
  clientAuth,
  extension,
  makeCertificate,
  makeKeys,
  nameConstraints,
} from '../pki/certificate-maker.ts'
import * as der from '../pki/der-writer.ts'
import { chainCase, type ClientCase, served } from './client-case.ts'

/** A chain whose intermediate is made otherwise. */
function between(
  id: string,
  title: string,
  options: (day: (days: number) => Date) => CertificateOptions,
  host?: string,
): ClientCase {
  const make: ClientCase['make'] = ({ authority, leaf, day }) => {
    const issuer = authority(`intermediate ${id}`, options(day))
    return served([leaf({ issuer }), issuer])
  }
  return chainCase(`chain-${id}`, title, make, host)
}

/** A chain whose trusted root is made otherwise. */
function under(
  id: string,
  title: string,
  options: (day: (days: number) => Date) => CertificateOptions,
): ClientCase {
  return chainCase(`root-${id}`, title, ({ authority, leaf, day }) => {
    const root = authority(`root ${id}`, { issuer: undefined, ...options(day) })
    const issuer = authority(`intermediate under root ${id}`, { issuer: root })
    return served([leaf({ issuer }), issuer], [root])
  })
}

const dns = (name: string) => der.implicit(2, Buffer.from(name))
const constrained = (permitted: Uint8Array[], excluded: Uint8Array[] = []): CertificateOptions => ({
  extensions: { '2.5.29.30': nameConstraints(permitted, excluded) },
})
const constraints = (content: Uint8Array, critical = true) => ({
  '2.5.29.19': extension('2.5.29.19', content, critical),
})
const noExtension = (oid: string): CertificateOptions => ({ extensions: { [oid]: null } })
const unknown = '1.3.6.1.4.1.55555.2'

export const chainCases: ClientCase[] = [
  chainCase('chain-usual', 'leaf, intermediate, trusted root', ({ leaf, intermediate }) =>
    served([leaf(), intermediate]),
  ),
  chainCase('chain-from-root', 'leaf issued by the root', ({ leaf, root }) =>
    served([leaf({ issuer: root })]),
  ),
  chainCase('chain-with-root', 'root sent with the chain', ({ leaf, intermediate, root }) =>
    served([leaf(), intermediate, root]),
  ),
  chainCase('chain-missing', 'missing intermediate', ({ leaf }) => served([leaf()])),
  chainCase('chain-order', 'two intermediates in the wrong order', ({ leaf, intermediate, authority }) => {
    const lower = authority('lower intermediate', { issuer: intermediate })
    return served([leaf({ issuer: lower }), intermediate, lower])
  }),
  chainCase('chain-stranger', 'unrelated certificate in the chain', ({ leaf, intermediate, authority }) =>
    served([leaf(), authority('stranger'), intermediate]),
  ),
  chainCase('chain-leaf-twice', 'leaf twice in the chain', ({ leaf, intermediate }) => {
    const made = leaf()
    return served([made, made, intermediate])
  }),
  chainCase('chain-untrusted', 'root that is not trusted', ({ leaf, authority }) => {
    const root = authority('untrusted root', { issuer: undefined })
    const issuer = authority('untrusted intermediate', { issuer: root })
    return served([leaf({ issuer }), issuer])
  }),
  chainCase('chain-untrusted-with-root', 'untrusted root sent with the chain', ({ leaf, authority }) => {
    const root = authority('untrusted root 2', { issuer: undefined })
    const issuer = authority('untrusted intermediate 2', { issuer: root })
    return served([leaf({ issuer }), issuer, root])
  }),
  chainCase('chain-self-signed', 'self-signed leaf', ({ leaf }) => served([leaf({ issuer: undefined })])),
  chainCase('chain-self-signed-trusted', 'self-signed leaf that is trusted', ({ leaf, keys }) => {
    const made = leaf({ issuer: undefined, subject: 'trusted leaf', keys: keys('rsa') })
    return served([made], [made])
  }),
  chainCase('chain-self-signed-authority', 'self-signed CA certificate as leaf, trusted', ({ leaf }) => {
    const made = leaf({
      issuer: undefined,
      subject: 'trusted authority as leaf',
      keys: makeKeys('ec'),
      authority: true,
      keyUsage: [0, 5],
      purposes: ['1.3.6.1.5.5.7.3.1'],
    })
    return served([made], [made])
  }),
  chainCase('chain-authority-leaf', 'CA certificate as leaf', ({ leaf, intermediate }) =>
    served([leaf({ authority: true, keyUsage: [0, 5], purposes: ['1.3.6.1.5.5.7.3.1'] }), intermediate]),
  ),
  chainCase('chain-leaf-issued', 'leaf issued by a leaf', ({ leaf, intermediate }) => {
    const issuer = leaf({ subject: 'issuing leaf', keys: makeKeys('ec') })
    return served([leaf({ issuer }), issuer, intermediate])
  }),
  chainCase(
    'chain-namesake',
    'namesake of the intermediate with another key, first',
    ({ leaf, authority }) => {
      const [right, wrong] = [authority('namesake'), authority('namesake')]
      return served([leaf({ issuer: right }), wrong, right])
    },
  ),
  chainCase('chain-bad-signature', 'leaf whose signature is not by its issuer', ({ leaf, intermediate }) =>
    served([
      leaf({
        issuer: { ...intermediate, keys: { ...intermediate.keys, privateKey: makeKeys('ec').privateKey } },
      }),
      intermediate,
    ]),
  ),
  chainCase(
    'chain-bad-intermediate',
    'intermediate whose signature is not by the root',
    ({ leaf, authority, root }) => {
      const issuer = authority('forged intermediate', {
        issuer: { ...root, keys: { ...root.keys, privateKey: makeKeys('ec').privateKey } },
      })
      return served([leaf({ issuer }), issuer])
    },
  ),
  chainCase('chain-eight', 'eight intermediates', ({ leaf, authority, intermediate }) => {
    const chain = [intermediate]
    for (let depth = 2; depth <= 8; depth += 1)
      chain.unshift(authority(`intermediate at ${depth}`, { issuer: chain[0]! }))
    return served([leaf({ issuer: chain[0]! }), ...chain])
  }),
  between('expired', 'expired intermediate', (day) => ({ notBefore: day(-60), notAfter: day(-1) })),
  between('not-yet', 'intermediate that is not valid yet', (day) => ({ notBefore: day(2) })),
  between('no-ca', 'intermediate that is no CA certificate', () => ({
    extensions: constraints(der.sequence()),
  })),
  between('no-constraints', 'intermediate without basic constraints', () => noExtension('2.5.29.19')),
  between('constraints-not-critical', 'intermediate with basic constraints that are not critical', () => ({
    extensions: constraints(der.sequence(der.boolean(true)), false),
  })),
  between('no-signing', 'intermediate without keyCertSign', () => ({ keyUsage: [0, 6] })),
  between('no-usage', 'intermediate without key usage', () => ({ keyUsage: [] })),
  between('client-purpose', 'intermediate for TLS clients alone', () => ({ purposes: [clientAuth] })),
  between('server-purpose', 'intermediate for TLS servers', () => ({ purposes: ['1.3.6.1.5.5.7.3.1'] })),
  between('any-purpose', 'intermediate for any purpose', () => ({ purposes: ['2.5.29.37.0'] })),
  between('no-key-identifiers', 'intermediate without key identifiers', () => ({
    extensions: { '2.5.29.14': null, '2.5.29.35': null },
  })),
  between('version-1', 'intermediate of version 1', () => ({ version: 1 })),
  between('unknown-critical', 'intermediate with an unknown critical extension', () => ({
    extensions: { [unknown]: extension(unknown, der.element(5), true) },
  })),
  between('unknown-extension', 'intermediate with an unknown extension', () => ({
    extensions: { [unknown]: extension(unknown, der.element(5)) },
  })),
  between('path-length-0', 'intermediate with a path length of 0', () => ({ authority: { pathLength: 0 } })),
  chainCase('chain-path-length', 'intermediate below one with a path length of 0', ({ leaf, authority }) => {
    const upper = authority('short intermediate', { authority: { pathLength: 0 } })
    const lower = authority('too low intermediate', { issuer: upper })
    return served([leaf({ issuer: lower }), lower, upper])
  }),
  between('names-permitted', 'name constraints that permit the name', () => constrained([dns('shop.test')])),
  between('names-permitted-top', 'name constraints that permit the top-level domain', () =>
    constrained([dns('test')]),
  ),
  between('names-violated', 'name constraints that do not permit the name', () =>
    constrained([dns('corp.test')]),
  ),
  between('names-excluded', 'name constraints that exclude the name', () =>
    constrained([], [dns('shop.test')]),
  ),
  between('names-leading-dot', 'name constraints with a leading dot', () => constrained([dns('.test')])),
  between('names-ip', 'name constraints for addresses alone', () =>
    constrained([der.implicit(7, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0))]),
  ),
  between('names-not-critical', 'violated name constraints that are not critical', () => ({
    extensions: {
      '2.5.29.30': extension('2.5.29.30', der.sequence(der.explicit(0, der.sequence(dns('corp.test'))))),
    },
  })),
  between('policy-required', 'required explicit policy without one', () => ({
    extensions: {
      '2.5.29.36': extension('2.5.29.36', der.sequence(der.implicit(0, Uint8Array.of(0))), true),
    },
  })),
  under('expired', 'expired root', (day) => ({ notBefore: day(-60), notAfter: day(-1) })),
  under('not-yet', 'root that is not valid yet', (day) => ({ notBefore: day(2) })),
  under('version-1', 'root of version 1', () => ({ version: 1 })),
  under('no-constraints', 'root without basic constraints', () => noExtension('2.5.29.19')),
  under('no-usage', 'root without key usage', () => ({ keyUsage: [] })),
  under('no-signing', 'root without keyCertSign', () => ({ keyUsage: [0] })),
  under('path-length-0', 'root with a path length of 0 above an intermediate', () => ({
    authority: { pathLength: 0 },
  })),
  under('names-violated', 'root with name constraints that do not permit the name', () =>
    constrained([dns('corp.test')]),
  ),
  under('client-purpose', 'root for TLS clients alone', () => ({ purposes: [clientAuth] })),
  chainCase('chain-v1-stranger', 'self-signed version 1 leaf that is trusted', ({ day, keys }) => {
    const made = makeCertificate({
      ...{ subject: 'shop.test', version: 1, keys: keys('rsa') },
      notBefore: day(-3),
      notAfter: day(87),
    })
    return served([made], [made])
  }),
]
