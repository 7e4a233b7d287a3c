const longestLabel = 40

/** Label of a host name from any text; empty if nothing is left of it. */
export function hostLabel(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/^@[^/]+\//, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('-')
    .slice(0, longestLabel)
  return label.endsWith('-') ? label.slice(0, -1) : label
}
