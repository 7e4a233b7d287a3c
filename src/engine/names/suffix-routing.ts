import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Obstacle } from '../../contract/trust/trust.ts'
import { changeableByOthers } from '../trust/stores/only-administrators.ts'
import { fileSentence } from '../trust/stores/store.ts'
import { programOf, run, type HostEnvironment } from '../../platform/commands/host-environment.ts'

/*
 * Routing of the names below a suffix, and of nothing else, to Edgekeep's responder:
 *
 * - systemd-resolved since 258: a delegate (systemd.dns-delegate(5)), a scope of its own.
 * - systemd-resolved 246 to 257: a file in resolved.conf.d (resolved.conf(5)); 246 is the first with ports in
 *   `DNS=`. The server is a global one, and global servers are queried in turn, so this is only possible
 *   without others. Those of network interfaces are not global.
 * - macOS: a file in /etc/resolver for each suffix (resolver(5)).
 */

export type RoutingWay = 'delegate' | 'drop-in' | 'resolver'

export interface Routing {
  way: RoutingWay | null
  /** The file, or on macOS the folder of the files. */
  place: string
  /** Edgekeep's present configuration, if any. */
  installed: { port: number; suffixes: string[] } | null
  /** True if the folder is missing or was created by Edgekeep, so that an undo removes it. */
  ownsFolder: boolean
  obstacle: Obstacle | null
}

const firstDelegate = 258
const firstWithPort = 246
const begin = '# Edgekeep: "edgekeep names undo" takes this file'
const marks = { file: `${begin} away.`, folder: `${begin} and its folder away.` }

const files: Record<RoutingWay, string> = {
  delegate: 'etc/systemd/dns-delegate.d/edgekeep.dns-delegate',
  'drop-in': 'etc/systemd/resolved.conf.d/50-edgekeep.conf',
  resolver: 'etc/resolver',
}

/** Root of system paths: other than `/` for a recorded system. */
interface System {
  root: string
  /** The part of a path that others than the administrator could change. */
  changeable(path: string): string | null
}

export async function lookAtRouting(
  hostEnvironment: HostEnvironment,
  system: System = { root: '/', changeable: changeableByOthers },
): Promise<Routing> {
  const { root } = system
  if (hostEnvironment.platform === 'darwin') return lookAtResolverFolder(system)
  if (hostEnvironment.platform !== 'linux')
    return nothing(
      'This system cannot be told which DNS server to ask for a suffix. Use the hosts file or "edgekeep names proxy".',
    )
  if (!usesResolved(root))
    return nothing(
      'Names are not resolved by systemd-resolved here, and nothing else on Linux can be told which DNS server to ask for a suffix alone. Use the hosts file or "edgekeep names proxy".',
    )
  const version = await resolvedVersion(hostEnvironment)
  if (version === null || version < firstWithPort)
    return nothing(
      `systemd-resolved ${version ?? 'of an unknown version'} takes no port with a DNS server; version ${firstWithPort} is the first that does.`,
    )
  return lookAtResolved(system, version >= firstDelegate ? 'delegate' : 'drop-in')
}

function nothing(sentence: string): Routing {
  return { way: null, place: '', installed: null, ownsFolder: false, obstacle: { sentence, command: null } }
}

/** Whether resolved is in use, by its stub (resolv.conf) or module (nsswitch.conf, nss-resolve(8)). */
function usesResolved(root: string): boolean {
  if (!existsSync(join(root, 'run/systemd/resolve/resolv.conf'))) return false
  const services = fieldsOfLines(join(root, 'etc/nsswitch.conf')).filter(
    ([database]) => database === 'hosts:',
  )
  return asksStub(root) || services.some((words) => words.includes('resolve'))
}

function asksStub(root: string): boolean {
  const stubs = ['127.0.0.53', '127.0.0.54']
  const lines = fieldsOfLines(join(root, 'etc/resolv.conf'))
  return lines.some(([keyword, address = '']) => keyword === 'nameserver' && stubs.includes(address))
}

function fieldsOfLines(path: string): string[][] {
  return textAt(path)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
}

async function resolvedVersion(hostEnvironment: HostEnvironment): Promise<number | null> {
  const resolvectl = programOf(hostEnvironment, 'resolvectl')
  if (!resolvectl) return null
  const { stdout } = await run(resolvectl, ['--version'])
  const [, version] = /^systemd (\d+)/.exec(stdout) ?? []
  return version === undefined ? null : Number(version)
}

function lookAtResolved({ root, changeable }: System, way: 'delegate' | 'drop-in'): Routing {
  const place = join(root, files[way])
  const text = textAt(place)
  const installed = text === '' ? null : writtenIn(text)
  const isForeign = text !== '' && installed === null
  const ownsFolder = text === '' ? !existsSync(dirname(place)) : text.startsWith(marks.folder)
  const sentence = isForeign
    ? `${place} is there and is not as Edgekeep writes it. Move it away first.`
    : (whoElseWrites(place, changeable) ?? (way === 'drop-in' && !installed ? otherServers(root) : null))
  return {
    way,
    place,
    installed,
    ownsFolder,
    obstacle: sentence === null ? null : { sentence, command: null },
  }
}

function writtenIn(text: string): Routing['installed'] {
  const [mark = '', section = '', dns = '', domains = '', ...rest] = text.split('\n')
  const [, port] = /^DNS=127\.0\.0\.1:(\d{1,5})$/.exec(dns) ?? []
  const isOurs =
    Object.values(marks).includes(mark) &&
    ['[Resolve]', '[Delegate]'].includes(section) &&
    /^Domains=(~[a-z0-9.-]+ ?)+$/.test(domains) &&
    rest.join('') === ''
  if (!isOurs || port === undefined) return null
  return {
    port: Number(port),
    suffixes: domains
      .slice('Domains='.length)
      .split(' ')
      .map((each) => each.slice(1)),
  }
}

const configurations = ['etc/systemd', 'run/systemd', 'usr/local/lib/systemd', 'usr/lib/systemd']

/** Global servers of others: resolved would query them and Edgekeep's in turn for every name. */
function otherServers(root: string): string | null {
  const places = configurations.flatMap((folder) => {
    const parts = join(root, folder, 'resolved.conf.d')
    const names = existsSync(parts) ? readdirSync(parts).filter((name) => name.endsWith('.conf')) : []
    return [join(root, folder, 'resolved.conf'), ...names.toSorted().map((name) => join(parts, name))]
  })
  const found = places.find((place) => /^[ \t]*DNS[ \t]*=[ \t]*[^ \t\r\n]/m.test(textAt(place)))
  if (found)
    return `${found} names DNS servers for everything already, and this version of systemd-resolved would ask Edgekeep’s in turn with them. Use the hosts file, or systemd ${firstDelegate}.`
  // Servers in resolv.conf apply only while no other server is configured (resolved.conf(5), DNS=).
  if (!asksStub(root))
    return `systemd-resolved takes its DNS servers from ${join(root, 'etc/resolv.conf')} here, and would no longer do so. Use the hosts file, or systemd ${firstDelegate}.`
  return null
}

function lookAtResolverFolder({ root, changeable }: System): Routing {
  const place = join(root, files.resolver)
  const found = existsSync(place) ? readdirSync(place) : []
  const ours = found.flatMap((name) => {
    const text = textAt(join(place, name))
    const [, port] =
      /^nameserver 127\.0\.0\.1\nport (\d{1,5})\n$/.exec(text.slice(text.indexOf('\n') + 1)) ?? []
    const isOurs = Object.values(marks).includes(text.split('\n')[0] ?? '') && port !== undefined
    return isOurs ? [{ name, port: Number(port), isFolderOurs: text.startsWith(marks.folder) }] : []
  })
  const [first] = ours
  const sentence = whoElseWrites(place, changeable)
  return {
    way: 'resolver',
    place,
    installed: first ? { port: first.port, suffixes: ours.map(({ name }) => name) } : null,
    ownsFolder: first ? ours.some(({ isFolderOurs }) => isFolderOurs) : !existsSync(place),
    obstacle: sentence === null ? null : { sentence, command: null },
  }
}

/** Existing file of others for one of the suffixes, which is left alone. */
export function foreignSuffix({ way, place, installed }: Routing, suffixes: string[]): string | null {
  if (way !== 'resolver') return null
  const taken = suffixes.find((each) => !installed?.suffixes.includes(each) && existsSync(join(place, each)))
  return taken === undefined
    ? null
    : `${join(place, taken)} is there and was not written by Edgekeep. Move it away first.`
}

function whoElseWrites(place: string, changeable: System['changeable']): string | null {
  let there = place
  while (!existsSync(there)) there = dirname(there)
  const others = changeable(there)
  return others === null
    ? null
    : `${others} can be changed by somebody besides the administrator, so that the administrator should write nothing there. Give it to root first.`
}

/**
 * Script for an administrator's `/bin/sh` that routes exactly `suffixes` (A-labels) to the responder on
 * `port`; for none it removes the configuration.
 */
export function routingScript(
  { way, place, installed, ownsFolder }: Routing,
  suffixes: string[],
  port: number,
): string {
  if (way === null) throw new TypeError('A system that cannot be told is told nothing')
  const folder = way === 'resolver' ? place : dirname(place)
  const mark = ownsFolder ? marks.folder : marks.file
  const section = way === 'delegate' ? '[Delegate]' : '[Resolve]'
  const domains = `Domains=${suffixes.map((each) => `~${each}`).join(' ')}`
  const written: [path: string, lines: string[]][] =
    way === 'resolver'
      ? suffixes.map((each) => [join(place, each), [mark, 'nameserver 127.0.0.1', `port ${port}`]])
      : suffixes.length > 0
        ? [[place, [mark, section, `DNS=127.0.0.1:${port}`, domains]]]
        : []
  const writtenPaths = new Set(written.map(([path]) => path))
  const had = way === 'resolver' ? (installed?.suffixes ?? []).map((each) => join(place, each)) : [place]
  return [
    ...(written.length > 0 ? [`mkdir -p ${folder}`] : []),
    ...written.flatMap(([path, lines]) => writing(path, lines)),
    ...had.filter((path) => !writtenPaths.has(path)).map((path) => `rm -f ${path}`),
    // The folder may contain files of others by now.
    ...(written.length === 0 && ownsFolder ? [`rmdir ${folder} 2>/dev/null || :`] : []),
    way === 'resolver' ? 'killall -HUP mDNSResponder' : 'systemctl restart systemd-resolved.service',
  ].join('\n')
}

/** Atomic write. No program reads the extension of the temporary name. */
function writing(path: string, lines: string[]): string[] {
  return [
    `next=$(mktemp ${path}.XXXXXX)`,
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > "$next"`,
    'chmod 644 "$next"',
    `mv -f "$next" ${path} || { rm -f "$next"; exit 1; }`,
  ]
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw new Error(fileSentence(error, path), { cause: error })
  }
}
