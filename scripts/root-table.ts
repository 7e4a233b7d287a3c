import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'

/**
 * Makes `src/pki/roots/root-table.json` of the lists of each program (decision 33). Fetches nothing:
 *
 *     node scripts/root-table.ts --lists FOLDER [--debian FOLDER] [--day 2026-11-30]
 *
 * FOLDER has apple.yaml, google_aosp.yaml, microsoft_windows.yaml, mozilla_nss.yaml and openjdk.yaml of the
 * Trust Stores Observatory, and Chrome's list: root_store.textproto, or a JSON file whose name begins with
 * `chrome`. Node's roots are those of the Node that runs this.
 */

/** Letters of the table's rows. */
const letters = {
  ...{ chrome: 'c', firefox: 'f', apple: 'a', android: 'g', microsoft: 'w', java: 'j', node: 'n' },
  debian: 'd',
} as const
type Program = keyof typeof letters

interface List {
  program: Program
  version: string
  /** ISO date of the list. */
  day: string
  source: string
}

/** Condition of a program for a root, by fingerprint: `<20260930`, `!` for a blocked one. */
type Entries = Map<string, string>

interface ObservatoryFile {
  version: string | null
  url: string
  date_fetched: string | Date
  trusted_certificates: { fingerprint: string }[]
  blocked_certificates: { fingerprint: string }[]
}

interface ChromeFile {
  source: string
  roots: { sha256: string; sctNotAfter?: string }[]
}

interface ConditionsFile {
  [program: string]: { issuedBy: string; roots: string[] }[]
}

const { values } = parseArgs({
  options: {
    lists: { type: 'string' },
    debian: { type: 'string', default: '/usr/share/ca-certificates' },
    day: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
})
if (!values.lists) throw new Error('Name the folder of the lists: --lists FOLDER')
const folder = values.lists

const made: [List, Entries][] = [
  chromeList(),
  observatoryList('firefox', 'mozilla_nss.yaml'),
  observatoryList('apple', 'apple.yaml'),
  observatoryList('android', 'google_aosp.yaml'),
  observatoryList('microsoft', 'microsoft_windows.yaml'),
  observatoryList('java', 'openjdk.yaml'),
  nodeList(),
  debianList(values.debian),
]
const conditions = JSON.parse(
  readFileSync(new URL('root-conditions.json', import.meta.url), 'utf8'),
) as ConditionsFile
for (const [{ program }, entries] of made) addConditions(program, entries)

const rows = new Map<string, string[]>()
for (const [{ program }, entries] of made)
  for (const [fingerprint, condition] of entries)
    rows.set(fingerprint, [...(rows.get(fingerprint) ?? []), `${letters[program]}${condition}`])
const packed = [...rows]
  .map(
    ([fingerprint, cells]) =>
      `${Buffer.from(fingerprint, 'hex').toString('base64url').slice(0, 22)} ${cells.join('')}`,
  )
  .toSorted()
const table = { lists: made.map(([list]) => list), roots: packed }
writeFileSync(
  new URL('../src/pki/roots/root-table.json', import.meta.url),
  `${JSON.stringify(table, null, 1)}\n`,
)
for (const [{ program, version, day }, entries] of made)
  process.stdout.write(
    `${program.padEnd(10)} ${String(entries.size).padStart(4)} roots  ${day}  ${version}\n`,
  )
process.stdout.write(`${packed.length} rows\n`)

function observatoryList(program: Program, file: string): [List, Entries] {
  const read = parse(readFileSync(join(folder, file), 'utf8')) as ObservatoryFile
  const { version, url, date_fetched: fetched } = read
  const day = new Date(fetched).toISOString().slice(0, 10)
  const list = { program, version: version ?? day, day, source: url }
  const cells = (certificates: { fingerprint: string }[], condition: string) =>
    certificates.map(({ fingerprint }): [string, string] => [fingerprint, condition])
  return [list, new Map([...cells(read.blocked_certificates, '!'), ...cells(read.trusted_certificates, '')])]
}

/** `2026-09-30T23:59:59Z` to `20260930`, the last day that counts. */
function compactDay(time: string): string {
  return time.slice(0, 10).replaceAll('-', '')
}

function chromeList(): [List, Entries] {
  const names = readdirSync(folder)
  const text = names.find((name) => name.endsWith('.textproto'))
  if (text) return chromeTextproto(readFileSync(join(folder, text), 'utf8'))
  const name = names.find((each) => /^chrome.*\.json$/.test(each))
  if (!name) throw new Error('Chrome’s list is missing: root_store.textproto')
  const { source, roots } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as ChromeFile
  const entries = roots.map(({ sha256, sctNotAfter }): [string, string] => [
    sha256,
    sctNotAfter ? `<${compactDay(sctNotAfter)}` : '',
  ])
  const version = /\d+(?:\.\d+)+/.exec(source)?.[0] ?? source
  return [{ program: 'chrome', version, day: values.day, source }, new Map(entries)]
}

/** Sets of constraints are alternatives; those for older versions than the list's are left out. */
function chromeTextproto(text: string): [List, Entries] {
  const entries = text
    .split(/^trust_anchors \{/m)
    .slice(1)
    .flatMap((block): [string, string][] => {
      const [fingerprint] = /(?<=sha256_hex: ")[0-9a-f]{64}/.exec(block) ?? []
      if (!fingerprint) return []
      const sets = [...block.matchAll(/constraints:? \{([^}]*)\}/g)].flatMap(([, set = '']) =>
        set.includes('max_version_exclusive') ? [] : [chromeCondition(set)],
      )
      return [[fingerprint, sets.includes('') ? '' : sets.join('')]]
    })
  const version = /version_major: (\d+)/.exec(text)?.[1] ?? ''
  const source =
    'https://chromium.googlesource.com/chromium/src/+/main/net/data/ssl/chrome_root_store/root_store.textproto'
  return [{ program: 'chrome', version: `root store ${version}`, day: values.day, source }, new Map(entries)]
}

function chromeCondition(set: string): string {
  const seconds = (name: string) => new RegExp(`${name}: (\\d+)`).exec(set)?.[1]
  const dayOf = (text: string) => compactDay(new Date(Number(text) * 1000).toISOString())
  const [notAfter, allAfter] = [seconds('sct_not_after_sec'), seconds('sct_all_after_sec')]
  const names = [...set.matchAll(/permitted_dns_names: "([^"]+)"/g)].map(([, name]) => name)
  return [
    notAfter ? `<${dayOf(notAfter)}` : '',
    allAfter ? `>${dayOf(allAfter)}` : '',
    names.length > 0 ? `~${names.join(',')};` : '',
  ].join('')
}

function fingerprintOf(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64')
  return createHash('sha256').update(der).digest('hex')
}

function nodeList(): [List, Entries] {
  const list = {
    program: 'node' as const,
    version: process.version,
    day: values.day,
    source: 'tls.rootCertificates',
  }
  return [list, new Map(tls.rootCertificates.map((pem) => [fingerprintOf(pem), '']))]
}

function debianList(root: string): [List, Entries] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.crt'),
  )
  const entries = files.map((name): [string, string] => [
    fingerprintOf(readFileSync(join(root, name), 'utf8')),
    '',
  ])
  return [{ program: 'debian', version: 'ca-certificates', day: values.day, source: root }, new Map(entries)]
}

/** Days that a program has in its code. The observatory leaves out Mozilla's roots with a day of distrust. */
function addConditions(program: Program, entries: Entries): void {
  for (const { issuedBy, roots } of conditions[program] ?? [])
    for (const root of roots)
      if (program === 'firefox' || entries.has(root)) entries.set(root, `-${compactDay(issuedBy)}`)
}
