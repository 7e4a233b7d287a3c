import type { Flags, OptionsOf } from '../frame/declare.ts'
import { keyKinds } from '../../contract/issuing/issuing.ts'
import type { AcmeParameters } from '../../contract/issuing/renewal.ts'

/** Options of every command that orders from an ACME CA. */
export const acmeFlags = {
  '--challenge <type>': {
    about: 'with --acme: how the domain is validated (default: http-01)',
    choices: ['http-01', 'tls-alpn-01', 'dns-01', 'dns-persist-01'],
  },
  '--dns <name>': 'with --acme: the DNS method for dns-01',
  '--profile <name>': 'with --acme: a profile of the authority, such as shortlived',
  '--key <kind>': { about: 'with --acme: type of the key', choices: keyKinds },
  '--chain <words>': 'with --acme: prefer the chain whose topmost issuer has these words in its name',
} as const satisfies Flags

export type AcmeOptions = OptionsOf<typeof acmeFlags>

/** A DNS method without a challenge means dns-01, the only challenge that uses one. */
export function acmeParametersOf({ challenge, dns, profile, key, chain }: AcmeOptions): AcmeParameters {
  return {
    keyType: key ?? 'p256',
    challenge: challenge ?? (dns === undefined ? 'http-01' : 'dns-01'),
    dnsMethod: dns ?? null,
    profile: profile ?? null,
    preferredIssuer: chain ?? null,
  }
}
