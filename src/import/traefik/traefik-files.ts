import { basename, dirname, extname, join, resolve } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { UnreadableFile } from '../setup/bounded-files.ts'
import type { BoundedFiles, FoundAt } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'

const mostBytes = 1024 * 1024
const mostDepth = 12
const mostFolders = 8

/** Value of a file, with its names in lower case, as Traefik ignores their case. */
export interface Parsed {
  file: string
  value: unknown
  /** Line on which a name first stands below another, for notes. */
  placeOf: (section: string, name: string) => FoundAt
}

/** Connections to the origins of one service, or of all others. */
export const transportSchema = z.looseObject({
  insecureskipverify: z.boolean().default(false),
  servername: z.string().optional(),
  rootcas: z.array(z.string()).default([]),
})
export type Transport = z.output<typeof transportSchema>

const staticSchema = z.looseObject({
  entrypoints: z.looseObject({}).optional(),
  providers: z
    .looseObject({
      file: z.looseObject({ directory: z.string().optional(), filename: z.string().optional() }).optional(),
    })
    .optional(),
  certificatesresolvers: z.looseObject({}).optional(),
  serverstransport: transportSchema.nullish(),
})
const resolverSchema = z.looseObject({ acme: z.looseObject({ storage: z.string() }) })
export type StaticPart = z.output<typeof staticSchema>

export interface TraefikFiles {
  /** Traefik's own configuration; null if only files of its provider are there. */
  whole: StaticPart | null
  dynamic: Parsed[]
  /** `acme.json` of the resolvers. */
  storages: string[]
}

const endings = new Set(['.yml', '.yaml', '.toml'])
const mainNames = ['traefik.yml', 'traefik.yaml', 'traefik.toml']

/** Finds and parses the files that a path leads to: Traefik's own, a file of its provider, or a folder of these. */
export function readTraefikFiles(path: string, files: BoundedFiles, notes: NoteTaker): TraefikFiles {
  const main = files.isFolder(path)
    ? mainNames.map((name) => join(path, name)).find((each) => files.exists(each))
    : path
  const first = main === undefined ? null : parsed(main, files, notes)
  const whole = first ? staticOf(first.value) : null
  if (first && !whole) return { whole: null, dynamic: [first], storages: [] }
  if (!whole || !first || main === undefined)
    return { whole: null, dynamic: inFolder(path, files, notes), storages: [] }
  for (const name of Object.keys(whole.providers ?? {}))
    if (name !== 'file' && name !== 'providersthrottleduration')
      notes.left(first.placeOf('providers', name), name, 'Of Traefik’s providers only files are read.')
  const { directory, filename } = whole.providers?.file ?? {}
  const at = (written: string) => resolve(dirname(main), written)
  const resolvers = Object.values<unknown>({ ...whole.certificatesresolvers })
  const storages = resolvers.flatMap((each) => resolverSchema.safeParse(each).data?.acme.storage ?? [])
  const single = filename === undefined ? null : parsed(at(filename), files, notes)
  return {
    whole,
    dynamic: [
      ...(single ? [single] : []),
      ...(directory === undefined ? [] : inFolder(at(directory), files, notes)),
    ],
    storages: storages.map(at).filter((each) => files.exists(each)),
  }
}

/** Null for a file of the provider, which has none of these sections. */
function staticOf(value: unknown): StaticPart | null {
  const found = staticSchema.safeParse(value).data
  return found?.entrypoints || found?.providers || found?.certificatesresolvers ? found : null
}

function inFolder(folder: string, files: BoundedFiles, notes: NoteTaker, depth = 0): Parsed[] {
  return files.names(folder).flatMap((name) => {
    const each = join(folder, name)
    if (name.startsWith('.')) return []
    if (files.isFolder(each)) return depth < mostFolders ? inFolder(each, files, notes, depth + 1) : []
    return endings.has(extname(name)) ? (parsed(each, files, notes) ?? []) : []
  })
}

/**
 * Null with a note for a file that cannot be read. The search of `yaml` for keys that stand twice takes minutes for some
 * ten thousand; Traefik itself refuses such a file.
 */
function parsed(file: string, files: BoundedFiles, notes: NoteTaker): Parsed | null {
  try {
    const text = files.bytes(file, mostBytes).toString('utf8')
    const value: unknown =
      extname(file) === '.toml' ? parseToml(text) : parseYaml(text, { logLevel: 'error', uniqueKeys: false })
    return { file, value: lowered(value, 0), placeOf: placesIn(text, file) }
  } catch (error) {
    const why =
      error instanceof UnreadableFile
        ? `The file cannot be read: ${error.message}.`
        : `It is no ${extname(file) === '.toml' ? 'TOML' : 'YAML'}, or has templates of Go, which are not run.`
    notes.left({ file }, basename(file), why)
    return null
  }
}

function lowered(value: unknown, depth: number): unknown {
  if (depth > mostDepth) return null
  if (Array.isArray(value)) return value.map((each: unknown) => lowered(each, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toLowerCase(), lowered(each, depth + 1)]),
  )
}

/** Index of the words of a text, since a file may have many names. */
function placesIn(text: string, file: string): Parsed['placeOf'] {
  const linesOf = new Map<string, number[]>()
  for (const [index, line] of text.toLowerCase().split('\n').entries())
    for (const word of line.split(/[^\w-]+/)) {
      const lines = linesOf.get(word)
      if (lines) lines.push(index + 1)
      else linesOf.set(word, [index + 1])
    }
  return (section, name) => {
    const start = linesOf.get(section)?.[0] ?? 1
    const line = linesOf.get(name.split(/[^\w-]/)[0] ?? '')?.find((each) => each >= start)
    return line === undefined ? { file } : { file, line }
  }
}
