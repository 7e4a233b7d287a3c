import { visibleText } from '../../contract/text/visible-text.ts'

export interface Markup {
  readonly source: string
}

type Part = Markup | string | number | Part[] | null | undefined | false

const entities = new Map<string, string>(
  Object.entries({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }),
)

/** A template that escapes every value, except those of `markup`: certificate text cannot become markup. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const source = strings.reduce((all, text, index) => `${all}${text}${rendered(parts[index])}`, '')
  return { source }
}

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(rendered).join('')
  if (typeof part === 'object') return part.source
  return visibleText(String(part)).replace(/[&<>"']/g, (character) => entities.get(character) ?? '')
}
