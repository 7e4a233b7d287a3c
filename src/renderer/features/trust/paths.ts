/** Parts of the page, in tab order; the first is the default. */
export const parts = ['clients', 'names', 'devices', 'authority'] as const
export type Part = (typeof parts)[number]

export function partPath(part: Part): `/${string}` {
  return part === parts[0] ? '/trust' : `/trust/${part}`
}
