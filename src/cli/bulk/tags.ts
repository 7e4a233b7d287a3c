import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TagChanges } from '../../contract/shared/tags.ts'
import { changedTags } from '../../domain/changed-tags.ts'
import type { PlannedRow } from '../../client/bulk-run.ts'
import { usageError } from '../frame/command.ts'

export type TagOptions = Partial<TagChanges>

export const tagChangeFlags = {
  '--add <tag...>': 'tags to add; up to 20 of 40 characters for each',
  '--remove <tag...>': 'tags to remove',
} as const

/** @throws `usage.wrong` without a change */
export function tagChangesOf({ add = [], remove = [] }: TagOptions): TagChanges {
  if (add.length === 0 && remove.length === 0) throw usageError('Give --add TAG… or --remove TAG….')
  return { add, remove }
}

interface Tagged {
  id: string
  name: string
  tags: readonly string[]
}

/** Rows of a change of tags, which `tag` makes once for all that it changes. */
export function tagRows(
  things: readonly Tagged[],
  changes: TagChanges,
  tag: (ids: string[]) => Promise<{ effect: Effect | null }>,
): PlannedRow[] {
  const changing: string[] = []
  let change: Promise<{ effect: Effect | null }> | undefined
  const rows = things.map(({ id, name, tags }): PlannedRow => {
    const after = tagsAfter(name, tags, changes)
    if (after instanceof EdgekeepError) return { name, plan: after.message, outcome: 'refused' }
    if (after === tags) return { name, plan: 'has these tags already', outcome: 'skipped' }
    changing.push(id)
    const act = async () => ({ effect: (await (change ??= tag(changing))).effect })
    return { name, plan: `tags: ${after.join(', ') || 'none'}`, act, hasBegun: () => change !== undefined }
  })
  return rows
}

function tagsAfter(
  name: string,
  tags: readonly string[],
  changes: TagChanges,
): readonly string[] | EdgekeepError {
  try {
    return changedTags(name, tags, changes)
  } catch (error) {
    if (error instanceof EdgekeepError) return error
    throw error
  }
}
