import type { Directive } from '../setup/directive.ts'

/** Flags of a `RewriteRule`: `[R=301,L]`, as names in lower case with their values. */
export function flagsOf({ name, args }: Directive): Map<string, string> {
  const written = name === 'rewriterule' ? (args[2] ?? '').toLowerCase() : ''
  const inside = written.startsWith('[') && written.endsWith(']') ? written.slice(1, -1) : ''
  return new Map(
    inside.split(',').map((flag) => {
      const [key = '', value = ''] = flag.trim().split('=')
      return [long.get(key) ?? key, value]
    }),
  )
}

/** Long forms of the flags that are read. */
const long = new Map([
  ['proxy', 'p'],
  ['redirect', 'r'],
  ['forbidden', 'f'],
  ['gone', 'g'],
])

/** `RewriteCond` holds for the next `RewriteRule` alone. */
export function conditionsBefore(rule: Directive, block: Directive[]): Directive[] {
  const at = block.indexOf(rule)
  const start = block.findLastIndex(({ name }, index) => index < at && name !== 'rewritecond')
  return block.slice(start + 1, Math.max(at, 0))
}
