export const listPath = '/domains'
/** `+` is not a valid domain name. */
export const addPath = '/domains/+'
export const moveInPath = '/domains/+move-in'
export const targetsPath = '/domains/+targets'
export const projectsPath = '/domains/+projects'

/** Parts of a domain's page, in tab order; the first is the default. */
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

export function domainPath(name: string, part: Part = parts[0]): string {
  const page = `${listPath}/${encodeURIComponent(name)}`
  return part === parts[0] ? page : `${page}/${part}`
}

/** Part named in a URL; the default if unknown. */
export function partOf(named: string | undefined): Part {
  return parts.find((part) => part === named) ?? parts[0]
}
