import { type Command, Option } from 'commander'
import { keyKinds, type KeyKind } from '../../contract/issuing.ts'
import type { AcmeWish } from '../../contract/renewal.ts'

export interface AcmeOptions {
  challenge?: AcmeWish['challenge']
  dns?: string
  profile?: string
  key?: KeyKind
  chain?: string
}

/** Options of every command that orders from an ACME CA. */
export function withAcmeWish(command: Command): Command {
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
export function wishOf({ challenge, dns, profile, key, chain }: AcmeOptions): AcmeWish {
  return {
    keyType: key ?? 'p256',
    challenge: challenge ?? (dns === undefined ? 'http-01' : 'dns-01'),
    dnsMethod: dns ?? null,
    profile: profile ?? null,
    preferredIssuer: chain ?? null,
  }
}
