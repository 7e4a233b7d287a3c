import { EdgekeepError } from '../contract/errors/registry.ts'
import { tagLimits, type TagChanges } from '../contract/shared/tags.ts'

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
