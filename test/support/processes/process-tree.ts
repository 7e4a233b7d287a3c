import { readdirSync, readFileSync } from 'node:fs'

/** Descendants of a process and itself (Linux), by pid, with the end of each command line. */
export function processTree(root: number): Map<number, string> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name))
    if (parent !== null) parents.set(Number(name), parent)
  }
  const tree = new Set([root])
  for (const above of tree) for (const [pid, parent] of parents) if (parent === above) tree.add(pid)
  return new Map([...tree].map((pid) => [pid, commandOf(pid)]))
}

/** Null if it has ended meanwhile. */
function parentOf(pid: number): number | null {
  try {
    // The command name is in brackets and may contain blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return (
      words
        .find((word) => /\.m?[jt]s$/.test(word))
        ?.split('/')
        .at(-1) ??
      words[0] ??
      ''
    )
  } catch {
    return ''
  }
}

/** Process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
