/**
 * Parses a URL, relative to `base` if given; null if `text` is none. `URL.parse` does the same, but browsers
 * have it only since 2024 (Firefox 126, Safari 18), and the window opens in older ones.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}
