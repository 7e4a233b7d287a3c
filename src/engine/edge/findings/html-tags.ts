export interface Tag {
  /** In lower case. */
  name: string
  /** Names in lower case; the first of a name counts. */
  attributes: Map<string, string>
  /** What is in a `style`; empty for others. */
  text: string
}

/**
 * The start tags of a page, or of its beginning: comments and the insides of scripts are passed over.
 * One way through the text and no way back, so that a page cannot make it slow.
 */
export function* readTags(html: string): Generator<Tag> {
  let at = html.indexOf('<')
  while (at >= 0 && at < html.length - 1) {
    if (html.startsWith('<!--', at)) at = after(html, '-->', at + 4)
    else if (isLetter(html.charCodeAt(at + 1))) {
      const tag = readTag(html, at + 1)
      if (!tag) return
      at = tag.end
      if (rawElements.has(tag.name)) {
        const end = endOfRaw(html, tag.name, at)
        yield { ...tag, text: tag.name === 'style' ? html.slice(at, end) : '' }
        at = end
      } else yield { ...tag, text: '' }
    } else at += 1
    if (at < 0) return
    at = html.indexOf('<', at)
  }
}

const rawElements = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed'])

function endOfRaw(html: string, name: string, from: number): number {
  for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2)) {
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at
  }
  return html.length
}

/** Null where the text ends within the tag. */
function readTag(
  html: string,
  from: number,
): { name: string; attributes: Map<string, string>; end: number } | null {
  let at = from
  while (at < html.length && !endsName(html.charCodeAt(at))) at += 1
  const name = html.slice(from, at).toLowerCase()
  const attributes = new Map<string, string>()
  while (at < html.length) {
    const code = html.charCodeAt(at)
    if (code === closing) return { name, attributes, end: at + 1 }
    if (isSpace(code) || code === slash) {
      at += 1
      continue
    }
    const attribute = readAttribute(html, at)
    if (!attribute) return null
    if (!attributes.has(attribute.name) && attributes.size < mostAttributes) {
      attributes.set(attribute.name, attribute.value)
    }
    at = attribute.end
  }
  return null
}

function readAttribute(html: string, from: number): { name: string; value: string; end: number } | null {
  let at = from + 1
  while (at < html.length && html.charCodeAt(at) !== equals && !endsName(html.charCodeAt(at))) at += 1
  const name = html.slice(from, at).toLowerCase()
  let next = skipSpace(html, at)
  if (html.charCodeAt(next) !== equals) return { name, value: '', end: at }
  next = skipSpace(html, next + 1)
  const quote = html[next]
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, next + 1)
    return end < 0 ? null : { name, value: html.slice(next + 1, end), end: end + 1 }
  }
  let end = next
  while (end < html.length && html.charCodeAt(end) !== closing && !isSpace(html.charCodeAt(end))) end += 1
  return { name, value: html.slice(next, end), end }
}

function skipSpace(html: string, from: number): number {
  let at = from
  while (at < html.length && isSpace(html.charCodeAt(at))) at += 1
  return at
}

function after(html: string, end: string, from: number): number {
  const at = html.indexOf(end, from)
  return at < 0 ? -1 : at + end.length
}

const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
const isSpace = (code: number) => code === 0x20 || (code >= 0x09 && code <= 0x0d)
const endsName = (code: number) => isSpace(code) || code === closing || code === slash
const closing = 0x3e
const slash = 0x2f
const equals = 0x3d
const mostAttributes = 100
