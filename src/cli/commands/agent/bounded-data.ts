const longestText = 600
const mostItems = 200

/** Controls, format and direction characters, fillers, tags and variation selectors: text that a person does not see. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Formats an answer for an agent as JSON. Certificates, pages and servers wrote some of its texts, so none is long,
 * none has characters that a person would not see, and each stays the value of a field.
 */
export function boundedJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'string') return boundedText(inner)
    return Array.isArray(inner) && inner.length > mostItems ? shortened(inner) : inner
  })
}

function boundedText(text: string): string {
  const seen = text.slice(0, longestText * 2).replace(unseen, ' ')
  return seen.length > longestText ? `${seen.slice(0, longestText)}…` : seen
}

function shortened(values: unknown[]): unknown[] {
  return [...values.slice(0, mostItems), { notShown: values.length - mostItems }]
}
