import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { openTables, type OpenTable } from './foreign-key-table.ts'

interface Finding {
  file: string
  line: number
  sentence: string
}
interface Verdict {
  files: number
  findings: Finding[]
}

const advice = 'it finds what every object has, such as `constructor`: use a Map'

/**
 * Finds, in the sources under `root`, objects in which a foreign key could be looked up. TypeScript allows
 * that in four cases only: the object's type accepts any string, its type comes from `Object.fromEntries` or
 * `z.record`, the key or the object is cast, or `in` is used. All four are refused. Types with only internal
 * keys are listed in `foreign-key-table.ts`.
 */
export function judgeKeys(root: string, table: readonly OpenTable[]): Verdict {
  const files = globSync('**/*.{ts,tsx}', { cwd: root }).sort()
  const unused = new Set(table)
  const findings = files.flatMap((file) => {
    const rows = table.filter((row) => row.file === file)
    return findingsIn(root, file).filter(({ text }) => {
      const row = rows.find((each) => each.text === text)
      if (row) unused.delete(row)
      return row === undefined
    })
  })
  for (const { file, text } of unused)
    findings.push({ file, line: 1, text, sentence: `\`${text}\` is in the table and not in the file` })
  return {
    files: files.length,
    findings: findings.map(({ file, line, sentence }) => ({ file, line, sentence })),
  }
}

interface Node {
  type: string
  start: number
  end: number
}

function findingsIn(root: string, file: string): (Finding & { text: string })[] {
  const source = readFileSync(path.join(root, file), 'utf8')
  const found: (Finding & { text: string })[] = []
  /** Types in `satisfies`, which leaves the value the type of its own keys. */
  const compared: Node[] = []
  /** Start offsets of expressions that are cast at once. */
  const cast = new Set<number>()
  const textOf = ({ start, end }: Node) => source.slice(start, end).replaceAll(/\s+/g, ' ')
  const add = (node: Node, why: string): void => {
    const text = textOf(node)
    const line = source.slice(0, node.start).split('\n').length
    found.push({ file, line, text, sentence: `\`${text}\` ${why}` })
  }
  new Visitor({
    TSSatisfiesExpression: (node) => void compared.push(node.typeAnnotation),
    TSAsExpression: (node) => void cast.add(node.expression.start),
    TSTypeReference(node) {
      const [key] = node.typeArguments?.params ?? []
      if (textOf(node.typeName) === 'Record' && key?.type === 'TSStringKeyword')
        if (!compared.some(({ start, end }) => start <= node.start && node.end <= end))
          add(node, `takes any string for a key: ${advice}`)
    },
    TSIndexSignature(node) {
      const [key] = node.parameters
      if (key?.typeAnnotation?.typeAnnotation.type === 'TSStringKeyword')
        add(node, `takes any string for a key: ${advice}`)
    },
    CallExpression(node) {
      const callee = textOf(node.callee)
      if ((callee === 'Object.fromEntries' && !cast.has(node.start)) || callee === 'z.record')
        add(node.callee, `makes an object that takes any string for a key: ${advice}`)
    },
    MemberExpression(node) {
      if (node.computed && node.property.type === 'TSAsExpression')
        add(node, `takes a key by a cast: ${advice}, or give the key its type where it comes from`)
    },
    BinaryExpression(node) {
      if (node.operator === 'in' && node.left.type !== 'Literal')
        add(node, 'is true for what every object has, such as `constructor`: use Object.hasOwn, or a Map')
    },
  }).visit(parseSync(file, source).program)
  return found
}

if (import.meta.main) {
  const { files, findings } = judgeKeys('src', openTables)
  for (const { file, line, sentence } of findings) console.log(`src/${file}:${line} ${sentence}`)
  console.log(`Foreign keys: ${files} files, ${findings.length} findings.`)
  if (findings.length > 0 || files === 0) process.exitCode = 1
}
