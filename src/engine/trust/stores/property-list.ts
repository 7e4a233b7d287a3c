/*
 * Threat: what is read comes from a program of the system, about settings that any program of the person can write.
 * What is not a property list in XML is refused, and one that is nested deeper than any of Apple's as well.
 */

export type PropertyValue = string | number | boolean | PropertyValue[] | { [key: string]: PropertyValue }

const deepest = 32
const part = /<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)([a-z]+)[^>]*?(\/?)>|[^<]+/y

interface Token {
  kind: 'open' | 'close' | 'empty' | 'text'
  value: string
}

/**
 * A property list in XML (plist(5)); `data` stays Base64 and `date` text.
 * @throws a `TypeError` for what is none
 */
export function readPropertyList(xml: string): PropertyValue {
  const tokens = tokensOf(xml)
  let at = 0
  const next = (): Token => tokens[at++] ?? { kind: 'text', value: '' }
  const refuse = (): never => {
    throw new TypeError('This is no property list in XML.')
  }

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
    const entries: [string, PropertyValue][] = []
    while (!isClose('dict')) {
      const { kind, value: name } = next()
      if (kind !== 'open' || name !== 'key') return refuse()
      entries.push([textUntil('key'), value(depth + 1)])
    }
    return Object.fromEntries(entries)
  }

  function array(depth: number): PropertyValue {
    const values: PropertyValue[] = []
    while (!isClose('array')) values.push(value(depth + 1))
    return values
  }

  const first = next()
  if (first.kind !== 'open' || first.value !== 'plist') return refuse()
  const found = value(0)
  return isClose('plist') ? found : refuse()
}

function emptyValue(name: string): PropertyValue | undefined {
  const values: Record<string, PropertyValue> = {
    true: true,
    false: false,
    dict: {},
    array: [],
    string: '',
    data: '',
  }
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** White space between elements is left out; within one it stays. */
function tokensOf(xml: string): Token[] {
  const tokens: Token[] = []
  part.lastIndex = 0
  for (let found = part.exec(xml); found; found = part.exec(xml)) {
    const [text, slash, name, end] = found
    const last = tokens.at(-1)
    const isLeaf = last?.kind === 'open' && !['dict', 'array', 'plist'].includes(last.value)
    if (name !== undefined) tokens.push({ kind: slash ? 'close' : end ? 'empty' : 'open', value: name })
    else if (!text.startsWith('<') && (isLeaf || text.trim() !== ''))
      tokens.push({ kind: 'text', value: decoded(text) })
  }
  return tokens
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', `'`)
    .replaceAll('&amp;', '&')
}
