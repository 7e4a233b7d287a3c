import type { Effect } from '../../contract/domains/domains.ts'
import type { TagChanges } from '../../contract/shared/tags.ts'
import { changedTags } from '../../domain/changed-tags.ts'
import { commit } from '../core/commit.ts'
import { domainRow } from './domains.ts'
import type { DomainNeeds } from './needs.ts'

/**
 * Changes the tags of all domains or of none.
 * @throws `domain.invalid`, `domain.not_found`, and `input.invalid` for too many tags
 */
export async function tagDomains(
  parts: DomainNeeds,
  inputs: string[],
  changes: TagChanges,
): Promise<{ changed: string[]; effect: Effect | null }> {
  const rows = new Map(inputs.map((input) => domainRow(parts, input)).map((row) => [row.name, row]))
  const changed = [...rows.values()].flatMap(({ name, tags }) => {
    const after = changedTags(name, tags, changes)
    return after === tags ? [] : [{ name, before: tags, after: [...after] }]
  })
  if (changed.length === 0) return { changed: [], effect: null }
  const { effect } = await commit(parts, () => ({
    record: changed.map(({ name, before, after }) => {
      parts.vault.domains.update(name, { tags: after })
      return { action: 'domain.tag', subject: name, before: { tags: before }, after: { tags: after } }
    }),
  }))
  return { changed: changed.map(({ name }) => name), effect }
}
