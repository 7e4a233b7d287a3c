import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { shortDate } from '../facts/format-time.ts'
import shipped from './root-table.json' with { type: 'json' }

/** Programs with a list of roots, by their letter in the rows of `scripts/root-table.ts`. */
const programs = new Map([
  ['c', { id: 'chrome', name: 'Chrome' }],
  ['f', { id: 'firefox', name: 'Firefox' }],
  ['a', { id: 'apple', name: 'Apple' }],
  ['g', { id: 'android', name: 'Android' }],
  ['w', { id: 'microsoft', name: 'Windows' }],
  ['j', { id: 'java', name: 'Java' }],
  ['n', { id: 'node', name: 'Node.js' }],
  ['d', { id: 'debian', name: 'Debian' }],
] as const)
export const rootPrograms = [...programs.values()]
export type RootProgram = (typeof rootPrograms)[number]['id']

/** Facts of a leaf that decide about conditions; times in milliseconds since 1970. */
export interface IssuedLeaf {
  issuedAt: number
  /** Times of its embedded SCTs. */
  loggedAt: number[]
  dnsNames: string[]
}

interface Condition {
  /** `logged by 30 September 2026`. */
  text: string
  isMet(leaf: IssuedLeaf): boolean
}

interface RootEntry {
  isBlocked: boolean
  conditions: Condition[]
}

/** A program's letter, or a condition of the program before it. */
const token = /[acdfgjnw]|!|[<>-]\d{8}|~[a-z0-9.,-]{1,500};/g
const line = z.string().max(2000)
const tableSchema = z.object({
  lists: z
    .array(
      z.object({
        program: z.enum(rootPrograms.map(({ id }) => id)),
        version: line,
        day: z.iso.date(),
        source: line,
      }),
    )
    .min(1)
    .max(16),
  roots: z.array(line.regex(/^[\w-]{22} [acdfgjnw]/).refine(isOfTokens)).max(2000),
})

export interface RootLists {
  lists: z.infer<typeof tableSchema>['lists']
  /** Entries of each program, by the first 132 bits of a fingerprint in base64url. */
  roots: Map<string, Map<RootProgram, RootEntry>>
}

const largestTable = 256 * 1024

/**
 * Reads a table that somebody gives.
 * @throws `input.invalid`
 */
export function parseRootLists(text: string): RootLists {
  try {
    return readRootLists(JSON.parse(text.slice(0, largestTable)))
  } catch (error) {
    if (error instanceof SyntaxError) throw notATable('it is not JSON of at most 256 kB')
    throw error
  }
}

function notATable(detail: string): EdgekeepError {
  return new EdgekeepError('input.invalid', { reason: `This is not a table of root programs: ${detail}` })
}

/** @throws `input.invalid` for anything else than a table of roots */
export function readRootLists(data: unknown): RootLists {
  const { data: table, error } = tableSchema.safeParse(data)
  if (!table) throw notATable(z.prettifyError(error).slice(0, 300))
  const roots = table.roots.map((text): [string, Map<RootProgram, RootEntry>] => {
    const [key = '', cells = ''] = text.split(' ')
    const entries = new Map<RootProgram, RootEntry>()
    let entry: RootEntry | undefined
    for (const part of cells.match(token) ?? []) {
      const program = programs.get(part as 'c')
      if (program) entries.set(program.id, (entry = { isBlocked: false, conditions: [] }))
      else if (part === '!' && entry) entry.isBlocked = true
      else entry?.conditions.push(conditionOf(part.replace(/;$/, '')))
    }
    return [key, entries]
  })
  return { lists: table.lists, roots: new Map(roots) }
}

/** Whether a row is made of tokens alone behind its fingerprint. */
function isOfTokens(row: string): boolean {
  return (row.slice(23).match(token) ?? []).join('') === row.slice(23)
}

const dayMs = 86_400_000

/** The day of a condition counts whole. A leaf without SCTs counts as logged when it was issued. */
function conditionOf(part: string): Condition {
  const value = part.slice(1)
  const day = Date.parse(value.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
  const logged = ({ loggedAt, issuedAt }: IssuedLeaf) => (loggedAt.length > 0 ? loggedAt : [issuedAt])
  switch (part.charAt(0)) {
    case '<':
      return {
        text: `logged by ${shortDate(day)}`,
        isMet: (leaf) => logged(leaf).some((time) => time < day + dayMs),
      }
    case '>':
      return {
        text: `logged after ${shortDate(day)}`,
        isMet: (leaf) => logged(leaf).every((time) => time >= day + dayMs),
      }
    case '-':
      return { text: `issued by ${shortDate(day)}`, isMet: ({ issuedAt }) => issuedAt < day + dayMs }
    default: {
      const bases = value.split(',')
      const isBelow = (name: string) => bases.some((base) => `.${name}`.endsWith(`.${base}`))
      return { text: `for names below ${bases.join(', ')}`, isMet: ({ dnsNames }) => dnsNames.every(isBelow) }
    }
  }
}

let current: RootLists | undefined

/** Lists in force: the shipped ones, or those that `useRootLists` named. */
export function rootLists(): RootLists {
  return (current ??= readRootLists(shipped))
}

export function useRootLists(lists: RootLists | undefined): void {
  current = lists
}

function entriesOf(fingerprintSha256: string): Map<RootProgram, RootEntry> | undefined {
  return rootLists().roots.get(Buffer.from(fingerprintSha256, 'hex').toString('base64url').slice(0, 22))
}

/** Whether any program's list has the root; blocked ones count. */
export function isListedRoot(fingerprintSha256: string): boolean {
  return entriesOf(fingerprintSha256) !== undefined
}

/** `outside`: the leaf breaks a condition that the list has for the root. */
export type RootState = 'trusted' | 'unlisted' | 'distrusted' | 'outside'

export function rootState(program: RootProgram, fingerprintSha256: string, leaf: IssuedLeaf): RootState {
  const entry = entriesOf(fingerprintSha256)?.get(program)
  if (!entry) return 'unlisted'
  if (entry.isBlocked) return 'distrusted'
  return entry.conditions.every(({ isMet }) => isMet(leaf)) ? 'trusted' : 'outside'
}

/** `only certificates logged by 30 September 2026`; empty without a condition. */
export function rootCondition(program: RootProgram, fingerprintSha256: string): string {
  const texts =
    entriesOf(fingerprintSha256)
      ?.get(program)
      ?.conditions.map(({ text }) => text) ?? []
  return texts.length === 0 ? '' : `only certificates ${texts.join(' and ')}`
}

/** `Trusted by Chrome (only certificates logged by …), Firefox; not in the list of Java. Lists of …` */
export function describeRootTrust(fingerprintSha256: string): string {
  const entries = entriesOf(fingerprintSha256)
  if (!entries) return 'No list of a browser, system or runtime has its root: it is a private one.'
  const named = (wanted: (entry: RootEntry | undefined) => boolean) =>
    rootPrograms
      .filter(({ id }) => wanted(entries.get(id)))
      .map(({ id, name }) => `${name} (${rootCondition(id, fingerprintSha256)})`.replace(' ()', ''))
      .join(', ')
  const groups = [
    ['trusted by', named((entry) => entry?.isBlocked === false)],
    ['blocked by', named((entry) => entry?.isBlocked === true)],
    ['not in the list of', named((entry) => entry === undefined)],
  ]
  const text = groups.flatMap(([verb, names]) => (names ? `${verb} ${names}` : [])).join('; ')
  const days = rootLists().lists.map(({ day }) => Date.parse(day))
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. Lists of ${shortDate(Math.min(...days))} to ${shortDate(Math.max(...days))}.`
}
