import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { changeableByOthers } from './only-administrators.ts'
import { bundleHas, nicknameOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import { systemPath, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { quoted, writing } from '../../../platform/commands/shell.ts'
import { fileSentence, readingOf, type StoreReading, type TrustStore, readIfThere } from './store.ts'

/*
 * Every Firefox of the computer, by policy: `Certificates.Install` makes each profile import certificates at
 * its start. Firefox reads one file only, the system's or else that in its own folder, so the existing one is
 * changed, and its other policies stay.
 */

const systemFile = '/etc/firefox/policies/policies.json'
const distributions = ['/usr/lib/firefox-esr', '/usr/lib/firefox', '/usr/lib64/firefox', '/opt/firefox']
/** Limit of a script's argument: 128 KB (execve(2), MAX_ARG_STRLEN). */
const longestBytes = 64 * 1024

export interface PolicyOptions {
  /** Real path of the system's Firefox. */
  program: string | undefined
  /** The part of a path that others than the administrator could change. */
  changeable?: (path: string) => string | null
}

export function firefoxPolicyStore(
  hostEnvironment: HostEnvironment,
  { program, changeable = changeableByOthers }: PolicyOptions,
): TrustStore {
  const place = placeOf(hostEnvironment, program)
  const nameOf = (root: TrustedRoot) => nicknameOf(root).toLowerCase().replace(' ', '-')
  const fileOf = (root: TrustedRoot) => join(dirname(place), `${nameOf(root)}.pem`)

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    try {
      const listed = installed(policiesIn(readIfThere(place)))
      const isThere = (root: TrustedRoot) =>
        listed.includes(fileOf(root)) && bundleHas(readIfThere(fileOf(root)), root)
      const trusted = wanted.ours.filter(isThere).map(({ fingerprint }) => fingerprint)
      return readingOf(wanted, { trusted, distrusted: [], others: [] })
    } catch (error) {
      return { state: 'unreadable', sentence: sentenceOf(error, place), present: [] }
    }
  }

  async function obstacle(): Promise<Obstacle | null> {
    const say = (sentence: string) => ({ sentence, command: null })
    try {
      const text = readIfThere(place)
      if (Buffer.byteLength(text) > longestBytes) return say(`${place} is larger than 64 KB.`)
      policiesIn(text)
      let there = place
      while (!existsSync(there)) there = dirname(there)
      const others = changeable(there)
      return others === null
        ? null
        : say(`${others} can be changed by somebody besides the administrator. Give it to root first.`)
    } catch (error) {
      return say(sentenceOf(error, place))
    }
  }

  function commands(action: 'install' | 'undo', { current, retired, ours }: WantedRoots): string {
    const text = readIfThere(place)
    const trusted = action === 'install' ? [current, ...retired] : []
    const gone = ours.filter((root) => !trusted.includes(root)).map(fileOf)
    const after = changed(text, { gone, added: trusted.map(fileOf) })
    const names = {
      file: quoted(place),
      before: quoted(`${place}.before-edgekeep`),
      sum: quoted(`${place}.with-edgekeep`),
    }
    if (action === 'undo') return undoing(names, { text, after, roots: gone })
    const listed = installed(policiesIn(text))
    const isOurs = ours.map(fileOf).some((file) => listed.includes(file))
    const without = isOurs ? changed(text, { gone: ours.map(fileOf), added: [] }) : null
    const roots = trusted.map((root) => writing(fileOf(root), root.pem))
    return installing(names, { text, after, without, roots })
  }

  const refuse = () => Promise.reject(new Error('Policies are changed by the administrator alone.'))
  return {
    id: 'firefox:policy',
    kind: 'firefox',
    title: 'Firefox’s policies',
    location: place,
    elevated: true,
    isWide: true,
    read,
    obstacle,
    change: (action) =>
      action === 'install'
        ? `Has every Firefox of this computer import the local authority when it starts, by ${place}.`
        : `Takes the local authority out of ${place}. Profiles that have imported it keep it until their own undo.`,
    commands,
    put: refuse,
    takeOut: refuse,
    files: () => [],
  }
}

function placeOf(hostEnvironment: HostEnvironment, program: string | undefined): string {
  const own = program === undefined ? [] : [dirname(realpathSync(program))]
  const folders = [...own, ...distributions.map((each) => systemPath(hostEnvironment, each))]
  const system = systemPath(hostEnvironment, systemFile)
  const distributed = folders.map((each) => join(each, 'distribution/policies.json')).find(existsSync)
  const chosen = existsSync(system) ? system : (distributed ?? system)
  // Links are followed, so that they stay.
  return existsSync(chosen) ? realpathSync(chosen) : chosen
}

interface Names {
  file: string
  /** Copy from before the first change and hash after the last, both writable only by the administrator. */
  before: string
  sum: string
}

interface Contents {
  text: string
  after: string
  roots: string[]
}

/** Aborts if the file has changed since the plan. */
function guard({ file }: Names, text: string): string {
  const isSame =
    text === '' ? `[ ! -s ${file} ]` : `[ "$(sha256sum < ${file} | cut -c1-64)" = ${sumOf(text)} ]`
  return `${isSame} || { echo 'The policies have changed since the plan was made.' >&2; exit 1; }`
}

function replacing({ file }: Names, after: string): string[] {
  return [
    `next=$(mktemp ${file}.XXXXXX)`,
    `[ ! -f ${file} ] || cp -p ${file} "$next"`,
    `printf '%s' ${quoted(after)} > "$next"`,
    `[ -s ${file} ] || chmod 644 "$next"`,
    `mv -f "$next" ${file}`,
  ]
}

/** Updates the copy for an undo: the present file, or what others have made of it since the last change. */
function keeping(
  { file, before, sum }: Names,
  { text, without }: { text: string; without: string | null },
): string[] {
  if (without === null) return [text === '' ? `rm -f ${before}` : `cp -p ${file} ${before}`]
  return [
    `if [ ! -f ${sum} ] || [ "$(sha256sum < ${file})" != "$(cat ${sum})" ]; then`,
    `cp -p ${file} ${before}; printf '%s' ${quoted(without)} > ${before}`,
    'fi',
  ]
}

function installing(
  names: Names,
  { text, after, without, roots }: Contents & { without: string | null },
): string {
  const { file, sum } = names
  return [
    `folder=$(dirname ${file})`,
    `[ -d "$folder" ] || { mkdir -p "$folder"; touch "$folder/.made-by-edgekeep"; }`,
    guard(names, text),
    ...keeping(names, { text, without }),
    ...roots,
    ...replacing(names, after),
    `sha256sum < ${file} > ${sum}`,
  ].join('\n')
}

/** Restores the copy if nobody else has changed the file, else removes Edgekeep's roots from it. */
function undoing(names: Names, { text, after, roots }: Contents): string {
  const { file, before, sum } = names
  return [
    `folder=$(dirname ${file})`,
    guard(names, text),
    `if [ -f ${sum} ] && [ "$(sha256sum < ${file})" = "$(cat ${sum})" ]; then`,
    `if [ -f ${before} ]; then mv -f ${before} ${file}; else rm -f ${file}; fi`,
    'else',
    ...replacing(names, after),
    'fi',
    `rm -f ${before} ${sum} ${roots.map(quoted).join(' ')}`,
    `[ ! -f "$folder/.made-by-edgekeep" ] || { rm -f "$folder/.made-by-edgekeep"; rmdir "$folder" 2>/dev/null && rmdir "$(dirname "$folder")" 2>/dev/null || :; }`,
  ].join('\n')
}

/** Relevant fields of a policies.json or an object within it; all others stay as they are. */
interface Dictionary {
  policies?: unknown
  Certificates?: unknown
  Install?: unknown
}

/**
 * Parses a policies.json; an empty object for a missing file.
 * @throws an Error with a sentence
 */
function policiesIn(text: string): Dictionary {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Error('It is not valid JSON, so Firefox ignores it. Correct it or move it away.', {
      cause: error,
    })
  }
  const policies = isDictionary(value) ? (value.policies ?? {}) : undefined
  const certificates = isDictionary(policies) ? (policies.Certificates ?? {}) : undefined
  const install = isDictionary(certificates) ? (certificates.Install ?? []) : undefined
  if (!isDictionary(value) || !Array.isArray(install))
    throw new Error('Its policies are not as Firefox writes of them. Mend it or move it away.')
  return value
}

function installed(value: Dictionary): unknown[] {
  const { Certificates } = (value.policies ?? {}) as Dictionary
  return ((Certificates as Dictionary | undefined)?.Install ?? []) as unknown[]
}

/** Removes `gone` and adds `added`, without leaving an empty list where none was. */
function changed(text: string, { gone, added }: { gone: string[]; added: string[] }): string {
  const value = policiesIn(text)
  const policies = (value.policies ?? {}) as Dictionary
  const { Install: _, ...certificates } = (policies.Certificates ?? {}) as Dictionary
  const remaining = installed(value).filter((each) => ![...gone, ...added].includes(String(each)))
  const install = [...remaining, ...added]
  const own = { ...certificates, ...(install.length > 0 ? { Install: install } : {}) }
  const { Certificates: __, ...others } = policies
  const after = { ...others, ...(Object.keys(own).length > 0 ? { Certificates: own } : {}) }
  return `${JSON.stringify({ ...value, policies: after }, null, 2)}\n`
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sentenceOf(error: unknown, path: string): string {
  return (error as NodeJS.ErrnoException).code
    ? fileSentence(error, path)
    : `${path}: ${(error as Error).message}`
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
