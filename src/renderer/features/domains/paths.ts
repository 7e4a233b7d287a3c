export const listPath = '/domains'
/** No domain is called `+`. */
export const addPath = '/domains/+'

/** The parts of a domain's page, as its index lists them; the first is where one arrives. */
export const parts = [
  'https',
  'origins',
  'tls',
  'redirects',
  'headers',
  'access',
  'findings',
  'history',
] as const
export type Part = (typeof parts)[number]

/** Where a domain is, or one part of its page. */
export function domainPath(name: string, part: Part = parts[0]): string {
  const page = `${listPath}/${encodeURIComponent(name)}`
  return part === parts[0] ? page : `${page}/${part}`
}

/** The part that an address names; the first where it names none that there is. */
export function partOf(named: string | undefined): Part {
  return parts.find((part) => part === named) ?? parts[0]
}
