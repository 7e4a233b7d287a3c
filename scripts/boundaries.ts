import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { importTable, leanTable, mutualTable, packageTable, pureFolders } from './import-table.ts'

type Kind = 'value' | 'type' | 'dynamic'
interface Import {
  /** Null if the specifier is computed. */
  specifier: string | null
  kind: Kind
  line: number
}
interface Finding {
  rule: 'import' | 'package' | 'outside' | 'unresolved' | 'computed' | 'area' | 'circle' | 'ring' | 'mutual'
  file: string
  line: number
  sentence: string
}
interface Verdict {
  modules: number
  imports: number
  findings: Finding[]
  /** Grants of the tables that no import needs, a sentence each. */
  unused: string[]
}

/**
 * Checks every import in the sources under `root` (the folder of `contract`, `engine`, …) against the import
 * table, and finds circles of files and folders that import each other. Type imports count: an area is a
 * layer at compile time too.
 */
export function judgeBoundaries(root: string): Verdict {
  const files = globSync('**/*.{ts,tsx}', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
  const graph = new Map<string, string[]>()
  const loaded = new Map<string, string[]>()
  const findings: Finding[] = []
  const used = new Set<string>()
  let imports = 0
  for (const file of files) {
    const area = areaOf(file)
    if (!area) findings.push({ rule: 'area', file, line: 1, sentence: 'is in no area of the import table' })
    const found = importsOf(path.join(root, file))
    imports += found.length
    graph.set(file, [])
    loaded.set(file, [])
    for (const each of found) {
      const target = each.specifier?.startsWith('.') ? resolve(root, file, each.specifier) : undefined
      if (target?.inside) graph.get(file)?.push(target.file)
      if (each.kind === 'value') loaded.get(file)?.push(target?.file ?? each.specifier ?? '')
      if (area) used.add(grantNeeded(area, each, target))
      const problem = area && (judgeImport(area, each, target) ?? judgePurity(file, each))
      if (problem) findings.push({ ...problem, file, line: each.line })
    }
  }
  findings.push(...circlesIn(graph), ...ringsIn(graph), ...mutualIn(graph, used), ...heavyIn(loaded))
  return {
    modules: files.length,
    imports,
    findings,
    unused: grants().filter((grant) => !used.has(grant)),
  }
}

/** Every grant of the import table and the package table, as a sentence. */
function grants(): string[] {
  const imported = Object.entries(importTable).flatMap(
    ([area, { may, types = [], dynamic = [], outside = [] }]) => [
      ...may.map((to) => grantText(area, to, 'value')),
      ...types.map((to) => grantText(area, to, 'type')),
      ...dynamic.map((to) => grantText(area, to, 'dynamic')),
      ...outside.map((file) => grantText(area, `../${file}`, 'value')),
    ],
  )
  const packages = packageTable.flatMap((row) =>
    row.areas.map((area) => packageGrantText(area, row.packages)),
  )
  return [...imported, ...packages, ...mutualTable.map(mutualText)]
}

/** The grant that an import needs; not in the tables if the import is free or forbidden. */
function grantNeeded({ pattern }: Area, { specifier, kind }: Import, target: Target | undefined): string {
  if (!target) {
    const row = packageTable.find(({ packages }) => packages.some((name) => isOf(name, specifier ?? '')))
    return packageGrantText(pattern, row?.packages ?? [])
  }
  const to = target.inside ? (areaOf(target.file)?.pattern ?? target.file) : target.file
  const grantedWhole = !target.inside || importTable[pattern]?.may.includes(to)
  return grantText(pattern, to, grantedWhole ? 'value' : kind)
}

function grantText(area: string, to: string, kind: Kind): string {
  return `${area} may import ${wording[kind]} ${to}`
}

function packageGrantText(area: string, packages: string[]): string {
  return `${area} may import ${packages.join(', ')}`
}

interface Area {
  pattern: string
  /** The same with the names that `*` matched. */
  folder: string
}

/** The area of a file in src: the longest pattern of the table that matches the start of its path. */
function areaOf(file: string): Area | undefined {
  const parts = file.split('/')
  for (let length = parts.length; length > 0; length -= 1) {
    const start = parts.slice(0, length)
    const pattern = Object.keys(importTable).find((each) => fits(each.split('/'), start))
    if (pattern) return { pattern, folder: start.join('/') }
  }
  return undefined
}

function fits(pattern: string[], parts: string[]): boolean {
  return pattern.length === parts.length && pattern.every((part, i) => part === '*' || part === parts[i])
}

interface Target {
  /** Relative to src. */
  file: string
  inside: boolean
  exists: boolean
}

function resolve(root: string, importer: string, specifier: string): Target {
  const [bare = ''] = specifier.split('?')
  const file = path.join(path.dirname(path.join(root, importer)), bare)
  const relative = path.relative(root, file).replaceAll('\\', '/')
  return { file: relative, inside: relative.split('/')[0] !== '..', exists: existsSync(file) }
}

function judgeImport(
  area: Area,
  found: Import,
  target: Target | undefined,
): Omit<Finding, 'file' | 'line'> | undefined {
  const { specifier } = found
  if (specifier === null)
    return { rule: 'computed', sentence: 'imports a computed name, which cannot be judged' }
  if (!target) return judgePackage(area, specifier)
  if (!target.exists) return { rule: 'unresolved', sentence: `imports ${specifier}, which is not there` }
  if (!target.inside) return judgeOutside(area, target.file)
  const to = areaOf(target.file)
  if (!to || to.folder === area.folder || allowed(area, to, found.kind)) return undefined
  return {
    rule: 'import',
    sentence: `(${area.pattern}) may not import ${wording[found.kind]} ${target.file}`,
  }
}

function judgeOutside(area: Area, file: string): Omit<Finding, 'file' | 'line'> | undefined {
  const granted = importTable[area.pattern]?.outside?.some((each) => file === `../${each}`)
  return granted ? undefined : { rule: 'outside', sentence: `imports ${file}, which is outside src` }
}

const wording: Record<Kind, string> = { value: 'from', type: 'types from', dynamic: 'at run time' }

function allowed(from: Area, to: Area, kind: Kind): boolean {
  const rule = importTable[from.pattern]
  if (!rule) return false
  if (rule.may.includes(to.pattern)) return true
  if (kind === 'type') return rule.types?.includes(to.pattern) ?? false
  return kind === 'dynamic' && (rule.dynamic?.includes(to.pattern) ?? false)
}

function judgePackage(area: Area, specifier: string): Omit<Finding, 'file' | 'line'> | undefined {
  const forbidden = packageTable.some(
    (row) => row.packages.some((name) => isOf(name, specifier)) && !row.areas.includes(area.pattern),
  )
  return forbidden
    ? { rule: 'package', sentence: `(${area.pattern}) may not import ${specifier}` }
    : undefined
}

function judgePurity(file: string, { specifier }: Import): Omit<Finding, 'file' | 'line'> | undefined {
  const isPure = pureFolders.some((folder) => file.startsWith(`${folder}/`))
  if (!isPure || specifier?.startsWith('.')) return undefined
  return { rule: 'package', sentence: `imports ${specifier}, and has to run in the engine and in the window` }
}

function isOf(name: string, specifier: string): boolean {
  if (name.endsWith('/*')) return specifier.startsWith(name.slice(0, -1))
  return specifier === name || specifier.startsWith(`${name}/`)
}

/** Every import of a file, in each form TypeScript has. */
function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const parsed = parseSync(file, source)
  const found: Import[] = []
  const add = (specifier: string | null, kind: Kind, at: number) =>
    found.push({ specifier, kind, line: source.slice(0, at).split('\n').length })
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.importKind ?? 'value', node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind ?? 'value', node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source.value, node.exportKind ?? 'value', node.start)
    },
    ImportExpression: (node) => add(literal(node.source), 'dynamic', node.start),
    TSImportType: (node) => add(node.source.value, 'type', node.start),
  }).visit(parsed.program)
  return found
}

function literal(node: { type: string; value?: unknown }): string | null {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null
}

/** One finding for each import that closes a circle, found depth first. */
function circlesIn(graph: Map<string, string[]>): Finding[] {
  const findings: Finding[] = []
  const done = new Set<string>()
  const trail: string[] = []
  const walk = (file: string): void => {
    if (done.has(file)) return
    const start = trail.indexOf(file)
    if (start >= 0) {
      const circle = [...trail.slice(start), file].join(' -> ')
      findings.push({ rule: 'circle', file, line: 1, sentence: `is part of a circle: ${circle}` })
      return
    }
    trail.push(file)
    for (const next of graph.get(file) ?? []) walk(next)
    trail.pop()
    done.add(file)
  }
  for (const file of graph.keys()) walk(file)
  return findings
}

/**
 * One finding for each ring of features: folders of one parent that reach each other, by whatever way, over
 * imports of their files. A ring can only be changed as a whole, though no two of its folders need be a pair.
 */
function ringsIn(graph: Map<string, string[]>): Finding[] {
  const links = new Map<string, Map<string, string>>()
  for (const [file, targets] of graph)
    for (const target of targets) {
      const [from, to] = siblings(file, target)
      if (from === to) continue
      const reached = links.get(from) ?? new Map<string, string>()
      links.set(from, reached.set(to, `${file} -> ${target}`))
    }
  return componentsOf(links).map((ring) => {
    const within = ring.flatMap((from) => ring.flatMap((to) => links.get(from)?.get(to) ?? []))
    const sentence = `is in a ring of ${ring.toSorted().join(', ')}: ${within.join('; ')}`
    return { rule: 'ring', file: within[0]?.split(' ')[0] ?? '', line: 1, sentence }
  })
}

/** The two folders below the last common one of two files; equal where one file lies in that folder itself. */
function siblings(file: string, target: string): [string, string] {
  const [one, other] = [file.split('/'), target.split('/')]
  const common = one.findIndex((part, i) => part !== other[i])
  const isBelow = one.length > common + 1 && other.length > common + 1
  const folder = (parts: string[]) => parts.slice(0, common + (isBelow ? 1 : 0)).join('/')
  return [folder(one), folder(other)]
}

/** Strongly connected components of two or more nodes (Tarjan, 1972). */
function componentsOf(links: Map<string, Map<string, string>>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const components: string[][] = []
  const visit = (node: string): number => {
    const mine = order.size
    order.set(node, mine)
    open.push(node)
    let low = mine
    for (const next of links.get(node)?.keys() ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (open.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next) ?? low)
    }
    lowest.set(node, low)
    if (low === mine) components.push(open.splice(open.indexOf(node)))
    return low
  }
  for (const node of links.keys()) if (!order.has(node)) visit(node)
  return components.filter((component) => component.length > 1)
}

/** One finding for each two folders that import each other, unless the table lists them. */
function mutualIn(graph: Map<string, string[]>, used: Set<string>): Finding[] {
  const ties = new Map<string, string>()
  for (const [file, targets] of graph)
    for (const target of targets) ties.set(`${path.dirname(file)} ${path.dirname(target)}`, file)
  return [...ties].flatMap(([tie, file]): Finding[] => {
    const [from = '', to = ''] = tie.split(' ')
    if (from >= to || !ties.has(`${to} ${from}`)) return []
    const listed = mutualTable.find(({ folders: [one, other] }) => matches(one, from) && matches(other, to))
    if (listed) used.add(mutualText(listed))
    return listed
      ? []
      : [{ rule: 'mutual', file, line: 1, sentence: `ties ${from} and ${to}, which import each other` }]
  })
}

function matches(pattern: string, folder: string): boolean {
  return fits(pattern.split('/'), folder.split('/'))
}

function mutualText({ folders }: (typeof mutualTable)[number]): string {
  return `${folders.join(' and ')} may import each other`
}

/** One finding for each file of a lean process that loads a forbidden package. */
function heavyIn(loaded: Map<string, string[]>): Finding[] {
  return leanTable.flatMap(({ entry, packages, reason }) =>
    [...reachedFrom(entry, loaded)].flatMap((file) =>
      (loaded.get(file) ?? [])
        .filter((specifier) => packages.some((name) => isOf(name, specifier)))
        .map((specifier) => ({
          rule: 'package' as const,
          file,
          line: 1,
          sentence: `imports ${specifier}, and ${entry} loads it: ${reason}`,
        })),
    ),
  )
}

function reachedFrom(entry: string, loaded: Map<string, string[]>): Set<string> {
  const reached = new Set([entry])
  for (const file of reached) for (const next of loaded.get(file) ?? []) reached.add(next)
  return reached
}

if (import.meta.main) {
  const { modules, imports, findings, unused } = judgeBoundaries('src')
  for (const { file, line, sentence } of findings) console.log(`src/${file}:${line} ${sentence}`)
  for (const grant of unused) console.log(`scripts/import-table.ts: ${grant}, and nothing does`)
  console.log(`Import table: ${modules} modules, ${imports} imports, ${findings.length} findings.`)
  if (findings.length > 0 || unused.length > 0 || modules === 0) process.exitCode = 1
}
