/** Words, patterns, assignments, and operators that start one command after another. */
const plain =
  process.platform === 'win32' ? /^[\w@+:,./=*?~#!{}[\]\s;&|()-]*$/ : /^[\w@+:,./=*?~#!{}[\]\s;&|()%^-]*$/

/** Programs that take words from their input or a file, or give others a meaning. */
const readers = new Set(['xargs', 'parallel', 'eval', 'source', '.', 'alias'])

/**
 * Whether a shell makes other words of a line than those that stand in it: by escapes, variables, substitutions,
 * quotes inside of words, pipes and files.
 */
export function hidesTokens(line: string): boolean {
  const tokens = line.split(/[\s;&|()"']+/)
  // pnpm takes a regular expression in the place of a name: pnpm run "/^dev/".
  const isExpression = tokens.includes('pnpm') && tokens.some((word) => word.startsWith('/'))
  const hasPipe = line.replaceAll('||', '').includes('|')
  return isExpression || hasPipe || tokens.some((word) => readers.has(word)) || !isPlain(line)
}

/** Whether all is plain, also within quotes, and each quoted word stands alone. */
function isPlain(line: string): boolean {
  const quotes = line.match(/["']/g) ?? []
  const parts = line.split(/["']/)
  const isPaired = quotes.every((quote, at) => quote === quotes[at - (at % 2)]) && quotes.length % 2 === 0
  const standsAlone = parts.every((part, at) => {
    if (at % 2 === 1) return true
    const isOpen = at === 0 || /^[\s;&)|]/.test(part) || (part === '' && at === parts.length - 1)
    return isOpen && (at === parts.length - 1 || /[\s;&(|]$/.test(part) || (part === '' && at === 0))
  })
  return isPaired && standsAlone && parts.every((part) => plain.test(part))
}
