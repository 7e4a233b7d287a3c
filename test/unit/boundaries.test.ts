import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { judgeBoundaries } from '../../scripts/boundaries.ts'
import { importTable, mutualTable } from '../../scripts/import-table.ts'

const trees: string[] = []
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true })
})

/** Judges a source tree in a temporary folder by the rules of src. */
function judge(files: Record<string, string>) {
  const tree = mkdtempSync(path.join(tmpdir(), 'edgekeep-boundaries-'))
  trees.push(tree)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true })
    writeFileSync(path.join(tree, name), text)
  }
  return judgeBoundaries(tree)
}

function rulesBroken(files: Record<string, string>): string[] {
  return judge(files).findings.map((finding) => finding.rule)
}

/** A file inside an area of the table, in a folder of its own name where the table has a `*`. */
function fileIn(area: string): string {
  return area.endsWith('.ts') ? area : `${area.replace('*', 'domains')}/piece.ts`
}

function importing(from: string, to: string, statement: (specifier: string) => string) {
  const specifier = path.posix.relative(path.posix.dirname(fileIn(from)), fileIn(to))
  const text = statement(specifier.startsWith('.') ? specifier : `./${specifier}`)
  return { [fileIn(to)]: 'export const piece = 1\n', [fileIn(from)]: text }
}

const areas = Object.keys(importTable)
const others = (from: string) => areas.filter((to) => to !== from)
const granted = (from: string, to: string) => importTable[from]?.may.includes(to) ?? false

describe('the import table', () => {
  test.each(areas)('grants %s what it lists and forbids all else', (from) => {
    const imports = others(from).map((to) => importing(from, to, (s) => `import { piece } from '${s}'`))
    const own = imports.map((files) => files[fileIn(from)])
    const { findings } = judge({ ...Object.assign({}, ...imports), [fileIn(from)]: own.join('\n') })
    const forbidden = others(from).filter((to) => !granted(from, to))
    const lines = forbidden.map((to) => others(from).indexOf(to) + 1)
    expect(findings.map(({ rule, file, line }) => [rule, file, line])).toEqual(
      lines.map((line) => ['import', fileIn(from), line]),
    )
  })

  test.each([
    ['contract', 'domain'],
    ['contract', 'pki'],
    ['pki', 'engine/vault'],
    ['engine/vault', 'pki'],
    ['edge/worker', 'engine/vault'],
    ['edge/worker', 'edge/supervisor'],
    ['edge/worker', 'pki'],
    ['edge/worker/http', 'engine/core'],
    ['edge/supervisor', 'edge/worker'],
    ['edge/protocol', 'edge/worker'],
    ['engine/serving', 'edge/worker'],
    ['engine', 'edge/worker'],
    ['engine/core', 'engine/certificates'],
    ['engine/trust', 'engine/setup'],
    ['engine/core', 'engine/https'],
    ['engine', 'main'],
    ['engine/core', 'web'],
    ['client', 'engine'],
    ['engine-process', 'engine'],
    ['main', 'engine'],
    ['preload', 'engine/vault'],
    ['web', 'engine'],
    ['cli', 'engine/vault'],
    ['cli', 'edge/worker'],
    ['renderer', 'pki'],
    ['renderer', 'engine-process'],
    ['renderer/features/*', 'main'],
  ])('keeps the promise of the architecture that %s never imports from %s', (from, to) => {
    expect(areas).toEqual(expect.arrayContaining([from, to]))
    expect(granted(from, to)).toBe(false)
  })

  test('keeps the core of the engine from every feature, and every feature from the engine', () => {
    const engines = (area: string) => {
      const { may = [], types = [], dynamic = [] } = importTable[area] ?? {}
      return [...may, ...types, ...dynamic].filter((to) => to.split('/')[0] === 'engine')
    }
    expect(engines('engine/core')).toEqual(['engine/vault'])
    for (const area of areas.filter((each) => each.startsWith('engine/')))
      expect(engines(area), area).not.toContain('engine')
  })

  test('keeps one feature of the window from another, but not from itself', () => {
    const files = {
      'renderer/features/domains/page.tsx': `import { Card } from '../certificates/card.tsx'\nexport const page = <Card />\n`,
      'renderer/features/certificates/card.tsx': `import { shade } from './shade.ts'\nexport const Card = () => <b>{shade}</b>\n`,
      'renderer/features/certificates/shade.ts': `export const shade = 1\n`,
    }
    expect(judge(files)).toMatchObject({
      modules: 3,
      findings: [{ rule: 'import', file: 'renderer/features/domains/page.tsx', line: 1 }],
    })
  })
})

describe('the forms of an import', () => {
  const vault = { 'engine/vault/piece.ts': 'export const piece = 1\nexport type Piece = number\n' }
  test.each([
    ['a type import', `import type { Piece } from '../engine/vault/piece.ts'`],
    ['an inline type import', `import { type Piece } from '../engine/vault/piece.ts'`],
    ['a type written as import()', `export type P = import('../engine/vault/piece.ts').Piece`],
    ['an import for its effect', `import '../engine/vault/piece.ts'`],
    ['a dynamic import', `export const later = () => import('../engine/vault/piece.ts')`],
    ['a named re-export', `export { piece } from '../engine/vault/piece.ts'`],
    ['a re-export of all', `export * from '../engine/vault/piece.ts'`],
    ['a re-export of a type', `export type { Piece } from '../engine/vault/piece.ts'`],
    ['an import with a query', `import piece from '../engine/vault/piece.ts?raw'`],
  ])('are all seen: %s', (_form, text) => {
    expect(rulesBroken({ ...vault, 'renderer/app.tsx': text })).toEqual(['import'])
  })

  test('let preload use types of the contract, and nothing else of it', () => {
    const found = { 'contract/frames.ts': 'export interface Frame { kind: string }\n' }
    const preload = (text: string) => rulesBroken({ ...found, 'preload/preload.ts': text })
    expect(preload(`import type { Frame } from '../contract/frames.ts'`)).toEqual([])
    expect(preload(`import { type Frame } from '../contract/frames.ts'`)).toEqual(['import'])
    expect(preload(`export const later = () => import('../contract/frames.ts')`)).toEqual(['import'])
  })

  test('let engine-process load the engine at run time, but not link it', () => {
    const engine = { 'engine/engine.ts': 'export const createEngine = () => 1\n' }
    const loader = (text: string) => rulesBroken({ ...engine, 'engine-process/in-process.ts': text })
    expect(loader(`export const open = () => import('../engine/engine.ts')`)).toEqual([])
    expect(loader(`import { createEngine } from '../engine/engine.ts'`)).toEqual(['import'])
    expect(loader(`import type { createEngine } from '../engine/engine.ts'`)).toEqual(['import'])
  })

  test('are refused where the name is computed, missing or outside src', () => {
    expect(rulesBroken({ 'cli/main.ts': 'export const load = (name: string) => import(name)' })).toEqual([
      'computed',
    ])
    expect(rulesBroken({ 'cli/main.ts': `import { x } from './nowhere.ts'` })).toEqual(['unresolved'])
    expect(rulesBroken({ 'cli/main.ts': `import '../..'` })).toEqual(['outside'])
  })
})

describe('grants that nothing needs', () => {
  const found = { 'contract/frames.ts': 'export interface Frame { kind: string }\n' }
  const grant = 'preload may import types from contract'

  test('are found, each by its sentence', () => {
    const { unused } = judge({ ...found, 'preload/preload.ts': 'export {}' })
    expect(unused).toEqual(expect.arrayContaining([grant, 'main may import electron']))
    expect(unused).toContain('engine-process may import at run time web')
    expect(unused).toContain('contract may import from ../package.json')
  })

  test('are not those that an import needs', () => {
    const text = `import type { Frame } from '../contract/frames.ts'`
    const { unused } = judge({
      ...found,
      'preload/preload.ts': text,
      'main/index.ts': `import 'electron'`,
    })
    expect(unused).not.toContain(grant)
    expect(unused).not.toContain('main may import electron')
  })
})

describe('packages', () => {
  test('stay out of a process that must be lean, by whatever way they would come in', () => {
    const schema = {
      'contract/policies.ts': `import { z } from 'zod'\nexport const schema = z.string()\nexport type Policies = string\n`,
    }
    const worker = (text: string, more: Record<string, string> = {}) =>
      rulesBroken({ ...schema, ...more, 'edge/worker/worker.ts': text })
    const typed = {
      'edge/worker/policies/rule.ts': `import type { Policies } from '../../../contract/policies.ts'\nexport const rule = (policies: Policies) => policies`,
    }
    expect(worker(`import { rule } from './policies/rule.ts'`, typed)).toEqual([])
    expect(worker(`import { schema } from '../../contract/policies.ts'`)).toEqual(['import', 'package'])
    const between = { 'edge/worker/meter.ts': `export * from '../../contract/policies.ts'` }
    expect(worker(`import { schema } from './meter.ts'`, between)).toEqual(['import', 'package'])
    expect(worker(`import { z } from 'zod'`)).toEqual(['package'])
    expect(worker(`import { STATUS_CODES } from 'node:http'`)).toEqual(['package'])
    expect(worker(`import type { Server } from 'node:http'`)).toEqual([])
  })

  test('stay out of rules that run in the engine and in the window, and so does all that Node alone has', () => {
    const rule = (text: string) => rulesBroken({ 'domain/covered.ts': text })
    expect(rule(`import { isIP } from 'node:net'`)).toEqual(['package'])
    expect(rule(`import { z } from 'zod'`)).toEqual(['package'])
    expect(rule('export const covers = () => true')).toEqual([])
  })

  test.each([
    ['engine/domains/piece.ts', 'electron'],
    ['edge/worker/piece.ts', 'react'],
    ['engine/engine.ts', 'electron/main'],
    ['pki/piece.ts', '@mantine/core'],
    ['renderer/piece.ts', 'electron'],
    ['edge/worker/piece.ts', 'better-sqlite3'],
    ['engine/domains/piece.ts', 'drizzle-orm/better-sqlite3'],
    ['engine/vault/piece.ts', '@orpc/server'],
  ])('%s may not import %s', (file, name) => {
    expect(rulesBroken({ [file]: `import '${name}'` })).toEqual(['package'])
  })

  test('are free where the table does not name them', () => {
    expect(rulesBroken({ 'engine/vault/database.ts': `import 'better-sqlite3'\nimport 'node:fs'` })).toEqual(
      [],
    )
  })
})

describe('circles', () => {
  test('are found across files, type imports included', () => {
    const files = {
      'pki/a.ts': `import { b } from './b.ts'\nexport const a = b\n`,
      'pki/b.ts': `import { c } from './c.ts'\nexport const b = c\n`,
      'pki/c.ts': `import type { a } from './a.ts'\nexport const c = 1 as typeof a\n`,
    }
    expect(judge(files).findings).toEqual([
      expect.objectContaining({
        rule: 'circle',
        sentence: 'is part of a circle: pki/a.ts -> pki/b.ts -> pki/c.ts -> pki/a.ts',
      }),
    ])
  })

  test('are not seen where two ways lead to one file', () => {
    const files = {
      'pki/a.ts': `import './b.ts'\nimport './c.ts'\n`,
      'pki/b.ts': `import './c.ts'\n`,
      'pki/c.ts': 'export const c = 1\n',
    }
    expect(judge(files).findings).toEqual([])
  })
})

describe('rings of features', () => {
  const ring = {
    'engine/trust/a.ts': `import '../names/deep/b.ts'\n`,
    'engine/names/deep/b.ts': `import '../../setup/c.ts'\n`,
    'engine/setup/c.ts': `import type { d } from '../trust/deep/d.ts'\nexport type D = typeof d\n`,
    'engine/trust/deep/d.ts': 'export const d = 1\n',
  }

  test('are found without a pair of folders that import each other', () => {
    expect(judge(ring).findings).toContainEqual({
      rule: 'ring',
      file: 'engine/names/deep/b.ts',
      line: 1,
      sentence:
        'is in a ring of engine/names, engine/setup, engine/trust: engine/names/deep/b.ts -> engine/setup/c.ts; engine/setup/c.ts -> engine/trust/deep/d.ts; engine/trust/a.ts -> engine/names/deep/b.ts',
    })
  })

  test('are not seen in a chain, or where files of the parent folder close it', () => {
    expect(rulesBroken({ ...ring, 'engine/setup/c.ts': 'export {}\n' })).not.toContain('ring')
    const byParent = { ...ring, 'engine/setup/c.ts': `import '../parts.ts'\n` }
    const parts = { 'engine/parts.ts': `import './trust/a.ts'\n` }
    expect(rulesBroken({ ...byParent, ...parts })).not.toContain('ring')
  })
})

describe('two folders that import each other', () => {
  const there = {
    'engine/core/clock.ts': `import type { row } from '../vault/row.ts'\nexport type Row = typeof row\n`,
  }
  const back = {
    'engine/vault/row.ts': `import type { now } from '../core/now.ts'\nexport const row = 1 as typeof now\n`,
  }
  const now = { 'engine/core/now.ts': 'export const now = 1\n' }

  test('are found without a circle of files, type imports included', () => {
    expect(judge({ ...there, ...back, ...now }).findings).toContainEqual({
      rule: 'mutual',
      file: 'engine/core/clock.ts',
      line: 1,
      sentence: 'ties engine/core and engine/vault, which import each other',
    })
    const oneWay = { ...there, 'engine/vault/row.ts': 'export const row = 1\n' }
    expect(judge(oneWay).findings).toEqual([])
  })

  test('may be a folder and one inside it only where the table lists them', () => {
    const inside = (folder: string) =>
      rulesBroken({
        [`${folder}/frame.ts`]: `import './deep/leaf.ts'\n`,
        [`${folder}/deep/leaf.ts`]: `import '../base.ts'\n`,
        [`${folder}/base.ts`]: 'export {}\n',
      })
    expect(inside('renderer/features/domains')).toEqual([])
    expect(inside('engine/trust')).toEqual(['mutual'])
  })

  test('are a finding of the table where no files need it', () => {
    const { unused } = judge({ 'engine/core/now.ts': 'export const now = 1\n' })
    const listed = mutualTable.map(({ folders }) => `${folders.join(' and ')} may import each other`)
    expect(unused).toEqual(expect.arrayContaining(listed))
  })
})

describe('the sources', () => {
  test('are all in an area, are really read, and need all that is granted', { timeout: 60_000 }, () => {
    const { modules, imports, findings, unused } = judgeBoundaries('src')
    expect(modules).toBeGreaterThan(15)
    expect(imports).toBeGreaterThan(30)
    expect(findings.filter((finding) => finding.rule === 'area')).toEqual([])
    expect(unused).toEqual([])
  })

  test('outside every area are a finding', () => {
    expect(rulesBroken({ 'tools/piece.ts': 'export const piece = 1\n' })).toEqual(['area'])
  })
})
