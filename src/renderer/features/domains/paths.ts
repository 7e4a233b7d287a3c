export const listPath = '/domains'
/** No domain is called `+`. */
export const addPath = '/domains/+'
export function domainPath(name: string): string {
  return `${listPath}/${encodeURIComponent(name)}`
}
