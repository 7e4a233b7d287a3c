import type { Command } from 'commander'
import { type Cli, usageError } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'
import { readSize, formatSize } from '../../output/format-policies.ts'

export function bodyLimitCommand(program: Command, cli: Cli): void {
  program
    .command('body-limit <size> <domain...>')
    .summary('limit the size of request bodies')
    .description(
      'Limit request bodies to a size such as 512kB, 10MB or 1GB. Larger ones get 413. "off" removes the limit.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep body-limit 10MB shop.test')
    .action(
      cli.keys(async ({ client }, size: string, names: string[]) => {
        const maxBytes = size === 'off' ? null : wantedSize(size)
        const { domains, effect } = await client.domains.setPolicies({
          domains: names,
          policies: { body: { maxBytes } },
        })
        const domainList = domains.map(({ displayName }) => displayName).join(', ')
        const limit =
          maxBytes === null ? 'request bodies of any size' : `request bodies up to ${formatSize(maxBytes)}`
        return { data: { domains, effect }, text: `${domainList}: ${limit}. ${formatEffect(effect)}` }
      }),
    )
}

function wantedSize(text: string): number {
  const size = readSize(text)
  if (size !== null && size > 0) return size
  throw usageError(`"${text}" is not a size. Examples: 512kB, 10MB, 1GB, off.`)
}
