import type { Domain } from '../../../../contract/domains/domains.ts'
import { registrableDomain } from '../../../../contract/text/public-suffix.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { compareText } from '../../../../domain/compare.ts'

export const groupings = ['none', 'parent', 'tag'] as const
export type Grouping = (typeof groupings)[number]

/** Heading of a group, or a domain in one; a domain is in the group of each of its tags. */
export type GroupedRow =
  | { kind: 'group'; key: string; label: string; domains: readonly Domain[]; isFolded: boolean }
  | { kind: 'domain'; key: string; domain: Domain }

/** Rows of the list; groups by name, those without a tag last, in each the order of `domains`. */
export function groupRows(
  domains: readonly Domain[],
  grouping: Grouping,
  folded: ReadonlySet<string>,
): GroupedRow[] {
  if (grouping === 'none') return rowsOf('', domains)
  const groups = new Map<string, Domain[]>()
  for (const domain of domains) {
    for (const label of labelsOf(domain, grouping)) {
      const group = groups.get(label)
      if (group) group.push(domain)
      else groups.set(label, [domain])
    }
  }
  return [...groups]
    .sort(([one], [other]) => Number(one === '') - Number(other === '') || compareText(one, other))
    .flatMap(([label, members]) => {
      const isFolded = folded.has(label)
      const heading = { kind: 'group', key: `group ${label}`, label, domains: members, isFolded } as const
      return isFolded ? [heading] : [heading, ...rowsOf(label, members)]
    })
}

function rowsOf(group: string, domains: readonly Domain[]): GroupedRow[] {
  return domains.map((domain) => ({ kind: 'domain', key: `${group} ${domain.name}`, domain }))
}

function labelsOf({ name, tags }: Domain, grouping: Grouping): readonly string[] {
  if (grouping === 'tag') return tags.length > 0 ? tags : ['']
  const host = name.replace(/^\*\./, '')
  return [readableName(registrableDomain(host) ?? host)]
}
