import { keys } from '../../frame/declare.ts'
import { tagChangesOf, tagRows, type TagOptions, tagChangeFlags } from '../../bulk/tags.ts'
import { oneOrMany, type TargetOptions, targetFlags } from '../../bulk/targets.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Result, Session } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { count } from '../../../contract/text/count.ts'

export const domainTagCommand = keys('tag [domain...]', {
  summary: 'add tags to domains, and remove some',
  about: 'Add tags to domains, and remove some, all in one change. Other tags stay.',
  flags: { ...tagChangeFlags, ...targetFlags() },
  examples: ['domain tag shop.test blog.test --add eu --remove staging', 'domain tag --file eu.txt --add eu'],
  run: oneOrMany(tag, tagMany),
})

async function tag({ client }: Session, name: string, options: TagOptions): Promise<Result> {
  const tagged = await client.domains.tag({ domains: [name], ...tagChangesOf(options) })
  return { data: tagged, text: `Changed the tags of ${count(tagged.changed.length, 'domain')}.` }
}

async function tagMany(
  session: Session,
  names: readonly string[],
  options: TagOptions & TargetOptions,
): Promise<Result> {
  const changes = tagChangesOf(options)
  const { domains, refused } = await domainTargets(session.client, names, options)
  const things = domains.map(({ name, displayName, tags }) => ({ id: name, name: displayName, tags }))
  const tagged = tagRows(things, changes, (ids) => session.client.domains.tag({ domains: ids, ...changes }))
  const rows = [...tagged, ...refused]
  return runBulk(session, { rows, options, question: `Change the tags of ${count(rows.length, 'domain')}?` })
}
