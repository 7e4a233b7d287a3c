import { EdgekeepError } from '../contract/errors/registry.ts'
import { tagLimits, type TagChanges } from '../contract/shared/tags.ts'
import { compareText } from './compare.ts'

/** Tags in use, sorted. */
export function tagsOf(tagged: readonly { tags: readonly string[] }[]): string[] {
  return [...new Set(tagged.flatMap(({ tags }) => tags))].toSorted(compareText)
}

/**
 * Tags of `subject` after the changes; the same array where nothing changes.
 * @throws `input.invalid` for more tags than one may have
 */
export function changedTags(
  subject: string,
  tags: readonly string[],
  { add, remove }: TagChanges,
): readonly string[] {
  const after = [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag))
  if (after.length > tagLimits.count)
    throw new EdgekeepError('input.invalid', {
      reason: `${subject} would have ${after.length} tags; ${tagLimits.count} is the most.`,
    })
  return after.length === tags.length && after.every((tag, at) => tag === tags[at]) ? tags : after
}

/** Change of the tags of one row of many; `tags`: those after it. */
export interface TagStep {
  skip: boolean
  text: 'tag' | 'taggedAlready' | 'tooManyTags'
  tags?: readonly string[]
  tagChanges?: TagChanges
}

export function tagStep(name: string, before: readonly string[], tagChanges: TagChanges): TagStep {
  try {
    const tags = changedTags(name, before, tagChanges)
    const isSame = tags === before
    return { skip: isSame, text: isSame ? 'taggedAlready' : 'tag', tags, tagChanges }
  } catch (error) {
    if (error instanceof EdgekeepError) return { skip: true, text: 'tooManyTags' }
    throw error
  }
}

/** Takes the change of a `tagStep` back, which is done. */
export function undoneTagStep(before: readonly string[], { tags = [] }: Pick<TagStep, 'tags'>): TagStep {
  const add = before.filter((tag) => !tags.includes(tag))
  const remove = tags.filter((tag) => !before.includes(tag))
  return { skip: false, text: 'tag', tags: before, tagChanges: { add, remove } }
}
