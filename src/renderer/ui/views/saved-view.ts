export interface SavedView {
  name: string
  /** Query of the page's address. */
  query: string
}

const mostViews = 50

/** Reads the stored views; none if they are missing or damaged. */
export function readSavedViews(stored: string | undefined): SavedView[] {
  try {
    const views: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(views) ? views.filter(isSavedView).slice(-mostViews) : []
  } catch {
    // Another program or an older version wrote it.
    return []
  }
}

function isSavedView(value: unknown): value is SavedView {
  const { name, query } = (value ?? {}) as Partial<SavedView>
  return typeof name === 'string' && name !== '' && typeof query === 'string'
}
