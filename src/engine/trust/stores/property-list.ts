/*
 * Threat: the input comes from a program of the system, but any program of the user can write the settings in
 * it. Anything but an XML property list is refused, and so is one nested deeper than Apple's are.
 */

export type PropertyValue = string | number | boolean | PropertyValue[] | Map<string, PropertyValue>

const deepest = 32
const containers = ['dict', 'array', 'plist']
/** Longest first; any other `<` starts an element. */
const markup = [
  { start: '<!--', end: '-->' },
  { start: '<!DOCTYPE', end: '>' },
  { start: '<?', end: '?>' },
] as const

interface Token {
  kind: 'open' | 'close' | 'empty' | 'text'
  value: string
}

/**
 * Parses an XML property list (plist(5)); `data` stays Base64 and `date` text.
 * @throws a `TypeError` for anything else
 */
export function readPropertyList(xml: string): PropertyValue {
  const tokens = tokensOf(xml)
  let at = 0
  const next = (): Token => tokens[at++] ?? { kind: 'text', value: '' }

  function textUntil(name: string): string {
    let text = ''
    for (;;) {
      const token = next()
      if (token.kind === 'close' && token.value === name) return text
      if (token.kind !== 'text' || at > tokens.length) return refuse()
      text += token.value
    }
  }

  function value(depth: number): PropertyValue {
    if (depth > deepest) return refuse()
    const { kind, value: name } = next()
    if (kind === 'empty') return emptyValue(name) ?? refuse()
    if (kind !== 'open') return refuse()
    if (name === 'dict') return dictionary(depth)
    if (name === 'array') return array(depth)
    if (name === 'integer' || name === 'real') return Number(textUntil(name))
    if (name === 'string' || name === 'date') return textUntil(name)
    if (name === 'data') return textUntil(name).replaceAll(/\s/g, '')
    return refuse()
  }

  const isClose = (name: string): boolean => {
    const token = tokens[at]
    if (token?.kind !== 'close' || token.value !== name) return false
    at += 1
    return true
  }

  function dictionary(depth: number): PropertyValue {
    const entries = new Map<string, PropertyValue>()
    while (!isClose('dict')) {
      const { kind, value: name } = next()
      if (kind !== 'open' || name !== 'key') return refuse()
      entries.set(textUntil('key'), value(depth + 1))
    }
    return entries
  }

  function array(depth: number): PropertyValue {
    const values: PropertyValue[] = []
    while (!isClose('array')) values.push(value(depth + 1))
    return values
  }

  const first = next()
  if (first.kind !== 'open' || first.value !== 'plist') return refuse()
  const found = value(0)
  return isClose('plist') && at === tokens.length ? found : refuse()
}

function refuse(): never {
  throw new TypeError('This is not a property list in XML.')
}

function emptyValue(name: string): PropertyValue | undefined {
  if (name === 'true' || name === 'false') return name === 'true'
  if (name === 'dict') return new Map()
  if (name === 'array') return []
  return name === 'string' || name === 'data' ? '' : undefined
}

/** Single pass. Drops white space between elements, not within them. */
function tokensOf(xml: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < xml.length) {
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at)
      const text = xml.slice(at, end === -1 ? undefined : end)
      if (isWithinLeaf(tokens) || text.trim() !== '') tokens.push({ kind: 'text', value: decoded(text) })
      at += text.length
      continue
    }
    const skipped = markup.find(({ start }) => xml.startsWith(start, at))
    const end = skipped?.end ?? '>'
    const endAt = xml.indexOf(end, at)
    if (endAt === -1) return refuse()
    if (skipped === undefined) tokens.push(element(xml.slice(at + 1, endAt)))
    at = endAt + end.length
  }
  return tokens
}

function isWithinLeaf(tokens: Token[]): boolean {
  const last = tokens.at(-1)
  return last?.kind === 'open' && !containers.includes(last.value)
}

/** Parses a tag. Apple's elements have at most a version attribute, which is dropped. */
function element(inner: string): Token {
  const isClose = inner.startsWith('/')
  const isEmpty = inner.endsWith('/')
  const [name = ''] = inner.slice(isClose ? 1 : 0, isEmpty ? -1 : undefined).split(/\s/, 1)
  if (!/^[a-z]+$/.test(name) || (isClose && isEmpty)) return refuse()
  return { kind: isClose ? 'close' : isEmpty ? 'empty' : 'open', value: name }
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', `'`)
    .replaceAll('&amp;', '&')
}
