export const listPath = '/certificates'
export const importPath = '/certificates/import'
export const calendarPath = '/certificates/calendar'
export const importManyPath = '/certificates/import-many'

/** The address of one certificate's drawer. */
export function certificatePath(id: string): string {
  return `${listPath}/${encodeURIComponent(id)}`
}

/** The address of a domain's page. */
export function domainPath(name: string): string {
  return `/domains/${encodeURIComponent(name)}`
}
