/** Requests that a rule matches: names, and beginnings of paths. */
export interface Branch {
  names: string[] | null
  paths: string[] | null
  /** Name of a matcher that is not taken over. */
  other: string | null
}

const tokenPattern = /\s*(?:(&&|\|\||[()!,])|`([^`]*)`|"([^"]*)"|([A-Za-z]\w*))/y
const mostBranches = 100
const mostDepth = 20

/**
 * Alternatives of a rule: ``Host(`shop.test`) && PathPrefix(`/api`)``. Null: it is no rule, or one with too many
 * alternatives.
 */
export function branchesOf(rule: string): Branch[] | null {
  const tokens = tokensOf(rule)
  if (!tokens) return null
  let at = 0
  const take = (text: string) => tokens[at]?.kind === 'sign' && tokens[at]?.text === text && ((at += 1), true)

  function either(depth: number): Branch[] | null {
    const found = both(depth)
    if (!found) return null
    while (take('||')) {
      const other = both(depth)
      if (!other || found.length + other.length > mostBranches) return null
      found.push(...other)
    }
    return found
  }

  function both(depth: number): Branch[] | null {
    let found = matcher(depth)
    while (found && take('&&')) {
      const other = matcher(depth)
      if (!other || found.length * other.length > mostBranches) return null
      found = found.flatMap((one) => other.map((each) => joined(one, each)))
    }
    return found
  }

  function matcher(depth: number): Branch[] | null {
    if (depth > mostDepth) return null
    if (take('!')) return matcher(depth + 1) && [{ names: null, paths: null, other: 'not' }]
    if (take('(')) {
      const inside = either(depth + 1)
      return inside && take(')') ? inside : null
    }
    const name = tokens?.[at]
    at += 1
    if (name?.kind !== 'word' || !take('(')) return null
    const values: string[] = []
    for (let each = tokens?.[at]; each?.kind === 'value'; each = tokens?.[at]) {
      values.push(each.text)
      at += 1
      take(',')
    }
    return take(')') ? [branchOf(name.text, values)] : null
  }

  const found = either(0)
  return at === tokens.length ? found : null
}

interface Token {
  kind: 'sign' | 'value' | 'word'
  text: string
}

function tokensOf(rule: string): Token[] | null {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < rule.trimEnd().length) {
    const [, sign, quoted, doubled, word] = tokenPattern.exec(rule) ?? []
    const value = quoted ?? doubled
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (value !== undefined) tokens.push({ kind: 'value', text: value })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else return null
  }
  return tokens
}

function branchOf(matcher: string, values: string[]): Branch {
  const nothing = { names: null, paths: null, other: null }
  const lower = matcher.toLowerCase()
  if (lower === 'host') return { ...nothing, names: values.map((value) => value.toLowerCase()) }
  return lower === 'pathprefix' && values.every((value) => !value.includes('{'))
    ? { ...nothing, paths: values }
    : { ...nothing, other: matcher }
}

/** Two sets of names leave those in both; two paths are more than one route can have. */
function joined(one: Branch, other: Branch): Branch {
  const names =
    one.names && other.names
      ? one.names.filter((name) => other.names?.includes(name))
      : (one.names ?? other.names)
  const conflict = one.paths && other.paths ? 'PathPrefix' : null
  return { names, paths: one.paths ?? other.paths, other: one.other ?? other.other ?? conflict }
}
