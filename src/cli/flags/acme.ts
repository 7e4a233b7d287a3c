import { type Command, Option } from 'commander'
import { keyKinds, type KeyKind } from '../../contract/issuing/issuing.ts'
import type { AcmeParameters } from '../../contract/issuing/renewal.ts'

export interface AcmeOptions {
  challenge?: AcmeParameters['challenge']
  dns?: string
  profile?: string
  key?: KeyKind
  chain?: string
}

/** Options of every command that orders from an ACME CA. */
export function withAcmeParameters(command: Command): Command {
  return command
    .addOption(
      new Option('--challenge <type>', 'with --acme: how the domain is validated (default: http-01)').choices(
        ['http-01', 'tls-alpn-01', 'dns-01', 'dns-persist-01'],
      ),
    )
    .option('--dns <name>', 'with --acme: the DNS method for dns-01')
    .option('--profile <name>', 'with --acme: a profile of the authority, such as shortlived')
    .addOption(new Option('--key <kind>', 'with --acme: type of the key').choices([...keyKinds]))
    .option(
      '--chain <words>',
      'with --acme: prefer the chain whose topmost issuer has these words in its name',
    )
}

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
