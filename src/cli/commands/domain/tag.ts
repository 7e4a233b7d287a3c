import type { Command } from 'commander'
import type { Cli, Result, Session } from '../../frame/command.ts'
import { tagChangesOf, withTagChanges, type TagOptions } from '../../flags/tags.ts'
import { count } from '../../output/format.ts'

export function domainTagCommand(domain: Command, cli: Cli): void {
  withTagChanges(domain.command('tag <domain...>'))
    .summary('add tags to domains, and remove some')
    .description('Add tags to domains, and remove some, all in one change. Other tags stay.')
    .addHelpText('after', '\nExample:\n  $ edgekeep domain tag shop.test blog.test --add eu --remove staging')
    .action(cli.keys(tag))
}

async function tag({ client }: Session, domains: string[], options: TagOptions): Promise<Result> {
  const tagged = await client.domains.tag({ domains, ...tagChangesOf(options) })
  return { data: tagged, text: `Changed the tags of ${count(tagged.changed.length, 'domain')}.` }
}
