import { facts, group, keys } from '../../frame/declare.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { errorSentence } from '../../../contract/errors/registry.ts'
import type { Published } from '../../../contract/lan/published.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { isMdnsName } from '../../../domain/local-names.ts'
import type { Result, Session } from '../../frame/command.ts'

const examples = `
Examples:
  $ edgekeep lan on shop.local           until "lan off", or until Edgekeep ends
  $ edgekeep lan on shop.local --address 192.168.1.5
  $ edgekeep lan off shop.local
  $ edgekeep lan off                     for every domain
  $ edgekeep lan                         which domains other devices reach, and where`

export const lanCommands = group(
  'lan',
  'domains that other devices of your network reach',
  [
    facts('status', {
      isDefault: true,
      about: 'Show which domains other devices of your network reach, and at which address.',
      examples: ['lan status'],
      run: status,
    }),
    keys('on <domain...>', {
      summary: 'let other devices reach these domains',
      about:
        'Let other devices of your network reach these domains, and no others, at one private address of this computer. It ends with "lan off", in another network, and with the engine.',
      flags: {
        '--address <ip>': 'private IPv4 address to listen on (default: the only one of this computer)',
      },
      examples: ['lan on shop.local'],
      run: on,
    }),
    facts('off [domain...]', {
      summary: 'end that, for these domains or for all',
      about: 'Let other devices no longer reach these domains, or any. Open connections of them are ended.',
      examples: ['lan off'],
      run: off,
    }),
  ],
  examples,
)

async function status({ client }: Session): Promise<Result> {
  const { edge } = await client.engine.status()
  return view(edge.published, edge)
}

async function on(
  { client }: Session,
  domains: string[],
  { address }: { address?: string },
): Promise<Result> {
  const published = await client.lan.on({ domains, address })
  const { edge } = await client.engine.status()
  const text = [
    ...formatPublished(published, edge),
    ...published.domains
      .filter((name) => !isMdnsName(name))
      .map((name) => nameAdvice(name, published.address)),
    'It ends with "edgekeep lan off", in another network, and when Edgekeep ends.',
  ]
  return { data: { published: [published] }, text: text.join('\n') }
}

async function off({ client }: Session, domains: string[]): Promise<Result> {
  const published = await client.lan.off({ domains: domains.length > 0 ? domains : undefined })
  const { edge } = await client.engine.status()
  return view(published, edge)
}

function view(published: Published[], edge: EngineStatus['edge']): Result {
  const text = published.flatMap((each) => formatPublished(each, edge))
  return { data: { published }, text: text.join('\n') || 'Other devices reach no domain.' }
}

function formatPublished(published: Published, { https }: EngineStatus['edge']): string[] {
  const { address, domains, failure, taken } = published
  if (failure) return [errorSentence('lan.not_listening', { address, ...failure })]
  const port = https === null || https.port === 443 ? '' : `:${https.port}`
  const addresses = domains.map((name) => `  https://${readableName(name)}${port}`)
  const conflicts = taken.map(
    (name) => `Another device in that network answers for ${readableName(name)}, which leads there now.`,
  )
  return [`Other devices reach at ${address}:`, ...addresses, ...conflicts]
}

function nameAdvice(name: string, address: string): string {
  return `A device finds ${readableName(name)} only if its DNS or hosts file points it to ${address}.`
}
