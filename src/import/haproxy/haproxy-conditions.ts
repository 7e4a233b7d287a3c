import type { Line } from './haproxy-syntax.ts'

/** One test of a request: names of hosts, beginnings of paths, whether it came over TLS, or another one. */
export type Test =
  | { kind: 'host'; names: string[] }
  | { kind: 'path'; paths: string[] }
  | { kind: 'tls' }
  | { kind: 'other' }

export interface Term {
  test: Test
  isNegated: boolean
}

/** Alternatives of a condition, each a list of terms that all have to hold. */
export type Condition = Term[][]

/** Named tests of a section; lines of one name are alternatives. */
export function aclsOf(lines: Line[]): Map<string, Test> {
  const acls = new Map<string, Test>()
  for (const { tokens } of lines) {
    const [keyword, name = '', ...test] = tokens
    if (keyword !== 'acl') continue
    const before = acls.get(name)
    acls.set(name, before ? either(before, testOf(test)) : testOf(test))
  }
  return acls
}

function either(one: Test, other: Test): Test {
  if (one.kind === 'host' && other.kind === 'host')
    return { kind: 'host', names: [...one.names, ...other.names] }
  if (one.kind === 'path' && other.kind === 'path')
    return { kind: 'path', paths: [...one.paths, ...other.paths] }
  return one.kind === 'tls' && other.kind === 'tls' ? one : { kind: 'other' }
}

const hostFetch = /^(?:req\.)?hdr\(host(?:,-?\d+)?\)|^(?:ssl_fc_sni|req\.ssl_sni|req_ssl_sni)/i
const oldFetches = new Map([
  ['hdr_dom(host)', 'dom'],
  ['hdr_end(host)', 'end'],
  ['hdr_beg(host)', 'beg'],
  ['hdr_reg(host)', 'reg'],
  ['hdr_sub(host)', 'sub'],
  ['path_beg', 'beg'],
  ['path_dir', 'dir'],
  ['path_end', 'end'],
  ['path_reg', 'reg'],
])

/** `hdr(host) -i shop.test`, `path_beg /api`, `ssl_fc`. */
function testOf([fetch = '', ...tokens]: string[]): Test {
  const lower = fetch.toLowerCase()
  let match = oldFetches.get(lower.replace(/^req\./, '')) ?? 'str'
  let rest = tokens
  for (let [flag] = rest; flag?.startsWith('-') && flag !== '--'; [flag] = rest) {
    if (flag === '-m') match = rest[1] ?? ''
    else if (flag !== '-i') return { kind: 'other' }
    rest = rest.slice(flag === '-m' ? 2 : 1)
  }
  const values = rest[0] === '--' ? rest.slice(1) : rest
  if (lower === 'ssl_fc') return { kind: 'tls' }
  if (lower.startsWith('path'))
    return isBeginning(match) ? { kind: 'path', paths: values } : { kind: 'other' }
  const isHost = hostFetch.test(lower) || /^(?:req\.)?hdr_\w+\(host\)$/.test(lower)
  const names = isHost ? values.map((value) => namesOf(value, match)) : [null]
  return names.some((each) => each === null)
    ? { kind: 'other' }
    : { kind: 'host', names: names.flatMap((each) => each ?? []) }
}

function isBeginning(match: string): boolean {
  return match === 'beg' || match === 'dir'
}

/** Names that a value covers; null if they cannot be listed. */
function namesOf(written: string, match: string): string[] | null {
  const value = written.toLowerCase().replace(/:\d+$/, '')
  if (match === 'str') return [value]
  if (match === 'dom') return [value, `*.${value}`]
  return match === 'end' && value.startsWith('.') ? [`*${value}`] : null
}

const always: Condition = [[]]

/** Condition after `if` or `unless` in the tokens of a rule; without one it always holds. */
export function conditionIn(tokens: string[], acls: Map<string, Test>): Condition {
  const at = tokens.findIndex((word) => word === 'if' || word === 'unless')
  if (at === -1) return always
  const condition: Condition = [[]]
  for (let index = at + 1; index < tokens.length; index += 1) {
    const word = tokens[index] ?? ''
    if (word === 'or' || word === '||') {
      condition.push([])
      continue
    }
    const isNegated = word.startsWith('!')
    const name = isNegated ? (word === '!' ? (tokens[(index += 1)] ?? '') : word.slice(1)) : word
    const end = name === '{' ? tokens.indexOf('}', index) : index
    const test = name === '{' ? testOf(tokens.slice(index + 1, end === -1 ? undefined : end)) : acls.get(name)
    condition.at(-1)?.push({ test: test ?? { kind: 'other' }, isNegated })
    if (end === -1) break
    index = end
  }
  return tokens[at] === 'if' ? condition : negated(condition)
}

/** `unless a b` is `if !a or !b`; `unless a or b` is `if !a !b`. */
function negated(condition: Condition): Condition {
  const not = (term: Term) => ({ ...term, isNegated: !term.isNegated })
  const [first, ...others] = condition
  if (first && others.length === 0) return first.map((term) => [not(term)])
  return condition.every((terms) => terms.length === 1)
    ? [condition.flat().map(not)]
    : [[{ test: { kind: 'other' }, isNegated: false }]]
}
