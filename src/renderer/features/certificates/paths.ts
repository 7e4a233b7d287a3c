export const listPath = '/certificates'
export const importPath = '/certificates/import'
export const watchPath = '/certificates/watch'
export const calendarPath = '/certificates/calendar'
export const importManyPath = '/certificates/import-many'

export function certificatePath(id: string): string {
  return `${listPath}/${encodeURIComponent(id)}`
}

export function domainPath(name: string): string {
  return `/domains/${encodeURIComponent(name)}`
}
