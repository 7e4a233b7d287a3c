import { dirname, resolve } from 'node:path'
import { UnreadableFile } from '../setup/bounded-files.ts'
import type { BoundedFiles } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Condition, conditionIn, type Test } from './haproxy-conditions.ts'
import type { Line } from './haproxy-syntax.ts'

/** Requests for a backend. */
export interface RouteRule {
  backend: string
  line: Line
  /** Null: all names that no other rule has. */
  names: string[] | null
  /** Beginnings of paths; null: all. */
  paths: string[] | null
}

/** `use_backend NAME if …` and `default_backend NAME`, in the order in which they are tried. */
export function routeRulesOf(
  lines: Line[],
  { acls, files, notes }: { acls: Map<string, Test>; files: BoundedFiles; notes: NoteTaker },
): RouteRule[] {
  const used = lines.flatMap((line): RouteRule[] => {
    const [keyword, backend = ''] = line.tokens
    if (keyword !== 'use_backend') return []
    if (backend.includes('%[')) return mapped(line, files, notes)
    return conditionIn(line.tokens, acls).flatMap((terms): RouteRule[] => {
      const rule = ruleOf(terms)
      if (rule) return [{ backend, line, ...rule }]
      notes.left(
        line,
        'use_backend',
        'Only conditions on the host and on the beginning of the path are taken over.',
      )
      return []
    })
  })
  const byDefault = lines.findLast(({ tokens }) => tokens[0] === 'default_backend')
  return byDefault
    ? [...used, { backend: byDefault.tokens[1] ?? '', line: byDefault, names: null, paths: null }]
    : used
}

/** Null if the terms depend on something else. */
function ruleOf(terms: Condition[number]): Pick<RouteRule, 'names' | 'paths'> | null {
  let names: string[] | null = null
  let paths: string[] | null = null
  for (const { test, isNegated } of terms) {
    if (isNegated || test.kind === 'other') return null
    if (test.kind === 'host') names = names ? names.filter((name) => test.names.includes(name)) : test.names
    if (test.kind === 'path') paths = paths ? [] : test.paths
  }
  return { names, paths }
}

const mapPattern = /^%\[(?:req\.)?hdr\(host\)[^\]]*,map(?:_str)?\(([^,)]+)(?:,([\w.-]+))?\)\]$/i

/** `use_backend %[req.hdr(host),lower,map(/etc/haproxy/hosts.map,fallback)]` */
function mapped(line: Line, files: BoundedFiles, notes: NoteTaker): RouteRule[] {
  const [, written] = mapPattern.exec(line.tokens[1] ?? '') ?? []
  if (written === undefined) {
    notes.left(line, 'use_backend', 'Of computed names only maps of hosts are taken over.')
    return []
  }
  const file = resolve(dirname(line.file), written)
  try {
    return files
      .text(file)
      .split('\n')
      .flatMap((text, index): RouteRule[] => {
        const [name = '', backend] = text.trim().split(/\s+/)
        if (name.startsWith('#') || backend === undefined) return []
        const at = { tokens: [name, backend], file, line: index + 1 }
        return [{ backend, line: at, names: [name.toLowerCase()], paths: null }]
      })
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    notes.left(line, 'map', `The map cannot be read: ${error.message}.`)
    return []
  }
}
