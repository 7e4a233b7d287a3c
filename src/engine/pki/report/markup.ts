import { visibleText } from '../../../contract/visible-text.ts'

/** Markup that is safe as it stands. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | Part[] | null | undefined | false

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose every value is escaped, unless `html` made it: text of certificates cannot become markup. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const markup = strings.reduce((all, text, index) => `${all}${text}${rendered(parts[index])}`, '')
  return { markup }
}

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(rendered).join('')
  if (typeof part === 'object') return part.markup
  return visibleText(String(part)).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
