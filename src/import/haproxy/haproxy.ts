import { join } from 'node:path'
import { type BoundedFiles, emptySetup, emptySite, type FoundSetup } from '../setup/found.ts'
import { type NoteTaker, noteTaker } from '../setup/notes.ts'
import { backendOf } from './haproxy-backends.ts'
import { frontendOf, type Proxy } from './haproxy-frontends.ts'
import { noteUnknown } from './haproxy-rules.ts'
import { type Line, parseHaproxy, type Section } from './haproxy-syntax.ts'

/** Reads HAProxy's configuration: `haproxy.cfg`, or the folder with it or with its parts (`*.cfg`). */
export function readHaproxy(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const sections = filesOf(path, files).flatMap((file) => parseHaproxy(files.text(file), file))
  const globals = sections.filter(({ kind }) => kind === 'global')
  const proxies = httpSections(sections, notes)
  const backends = new Map(
    proxies
      .filter(({ section }) => section.kind !== 'frontend')
      .map(({ section, defaults }) => [
        section.name,
        backendOf(section, { defaults, globals, files, notes }),
      ]),
  )
  const frontends = proxies.filter(({ section }) => section.kind !== 'backend')
  const around = { globals, backends, files, notes }
  const found = frontends.map((frontend) => frontendOf(frontend, around))
  const names = new Set(found.flatMap(({ sites }) => sites.flatMap((site) => site.names)))
  for (const { section } of proxies) noteUnknown(section.lines, notes)
  setup.sites.push(...found.flatMap(({ sites }) => sites))
  // A frontend that only redirects names no hosts: it redirects those of the others.
  for (const { section, redirect } of found)
    if (redirect) setup.sites.push({ ...emptySite(section, [...names]), redirect })
  return setup
}

function filesOf(path: string, files: BoundedFiles): string[] {
  if (!files.isFolder(path)) return [path]
  const main = join(path, 'haproxy.cfg')
  if (files.exists(main)) return [main]
  const parts = files.names(path).filter((name) => name.endsWith('.cfg') && !name.startsWith('.'))
  return parts.length > 0 ? parts.map((name) => join(path, name)) : [main]
}

function httpSections(sections: Section[], notes: NoteTaker): Proxy[] {
  let defaults: Line[] = []
  const named = new Map<string, Line[]>()
  return sections.flatMap((section) => {
    if (section.kind === 'defaults') {
      defaults = section.lines
      named.set(section.name, defaults)
    }
    if (!['frontend', 'backend', 'listen'].includes(section.kind)) return []
    const from = section.tokens[section.tokens.indexOf('from') + 1] ?? ''
    const own = section.tokens.includes('from') ? (named.get(from) ?? []) : defaults
    const mode = [...own, ...section.lines].findLast(({ tokens }) => tokens[0] === 'mode')?.tokens[1]
    if (mode === 'http') return [{ section, defaults: own }]
    notes.left(section, `${section.kind} ${section.name}`, 'Only HTTP is served here ("mode http").')
    return []
  })
}
