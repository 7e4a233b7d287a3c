import type { NameReport, NamesReport, SuffixesView } from '../../contract/names/names.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { isUnder } from '../../domain/authority-scope.ts'
import { isLocalhost } from '../../domain/localhost.ts'
import { preloadedSuffix } from '../../contract/domains/preloaded-suffixes.ts'
import { chromiumsDns, firefoxDns, type BrowserDns, isLoopback, vpnInterfaces } from './browser-dns.ts'
import { lookAtHosts, type HostsPlace } from './hosts-place.ts'
import { type Resolved, resolveNames } from './resolve.ts'
import { contradiction } from './hosts-file.ts'
import { lookAtRouting } from './suffix-routing.ts'
import { portOwner } from '../../edge/supervisor/port-owner.ts'
import { findStores } from '../trust/stores/find-stores.ts'
import type { HostEnvironment } from '../../platform/commands/host-environment.ts'
import type { NamesNeeds } from './needs.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { suffixesView } from './dns.ts'
import { chosenNames, type ServedName } from './names.ts'

/** Addresses of each domain on this computer, the program that answers there, and advice. Changes nothing. */
export async function namesStatus(
  parts: NamesNeeds,
  domains: string[] | undefined,
  signal?: AbortSignal,
): Promise<NamesReport> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const [hosts, routing] = await Promise.all([lookAtHosts(hostEnvironment), lookAtRouting(hostEnvironment)])
  const known: Known = {
    hosts,
    suffixes: suffixesView(parts, routing),
    browsers: browsersOf(hostEnvironment),
    vpns: vpnInterfaces(),
    answers: await whoAnswers(parts),
  }
  const chosen = chosenNames(parts, domains)
  const resolved = await resolveNames(
    chosen.map(({ host }) => host),
    hosts.file,
    signal,
  )
  return {
    hosts: { path: hosts.path, names: hosts.file?.block?.names ?? [], obstacle: hosts.obstacle },
    suffixes: known.suffixes,
    portConflicts: parts.portWatch?.conflicts() ?? [],
    names: chosen.map((name) => reportOf(name, resolved.get(name.host) ?? unanswered, known)),
  }
}

const unanswered: Resolved = { addresses: [], isAnswered: false }

interface Known {
  hosts: HostsPlace
  suffixes: SuffixesView
  browsers: BrowserDns[]
  vpns: string[]
  answers: Answers
}

interface Answers {
  isEdge: boolean
  sentence: string
}

function browsersOf(hostEnvironment: HostEnvironment): BrowserDns[] {
  const firefoxes = findStores(hostEnvironment).firefox.map(({ folder, name }) =>
    firefoxDns(folder, `Firefox, profile ${name}`),
  )
  return [...chromiumsDns(hostEnvironment.home), ...firefoxes]
}

const standardPort = 443

async function whoAnswers({ supervisor }: NamesNeeds): Promise<Answers> {
  const port = supervisor?.status().https?.port
  if (port === standardPort) return { isEdge: true, sentence: 'The edge answers on port 443.' }
  const owner = await portOwner(standardPort)
  const edge = port === undefined ? 'The edge does not run' : `The edge answers on port ${port}`
  return {
    isEdge: owner === undefined,
    sentence: owner
      ? `${edge}; on port 443, where an address without a number leads, ${owner} answers.`
      : `${edge}; on port 443, where an address without a number leads, nobody answers.`,
  }
}

function reportOf(
  { domain, host }: ServedName,
  { addresses, isAnswered }: Resolved,
  known: Known,
): NameReport {
  const inHosts = known.hosts.file?.block?.names.includes(host) ?? false
  const leads = isAnswered || isLocalhost(host) ? leadsOf(host, addresses, known.answers) : 'unanswered'
  const hindrance = hindranceOf(host, leads, known)
  const install =
    hindrance === null && (leads === 'nowhere' || leads === 'elsewhere')
      ? domain.startsWith('*.')
        ? host
        : domain
      : null
  return {
    domain,
    host,
    addresses,
    leads,
    sentence: sentenceOf(readableName(host), leads, addresses),
    answers: addresses.some(isLoopback) ? known.answers.sentence : null,
    inHosts,
    browsers: known.browsers.flatMap((browser) => browserNote(browser, { host, leads })),
    notes: notesOf({ domain, host }, known),
    fix: install === null ? hindrance : `edgekeep names install ${readableName(install)}`,
    install,
  }
}

function leadsOf(host: string, addresses: string[], { isEdge }: Answers): NameReport['leads'] {
  if (addresses.length === 0) return isLocalhost(host) ? 'browsers' : 'nowhere'
  if (!addresses.every(isLoopback)) return 'elsewhere'
  return isEdge ? 'here' : 'other'
}

function sentenceOf(host: string, leads: NameReport['leads'], addresses: string[]): string {
  if (leads === 'browsers')
    return `Browsers and curl resolve ${host} to this computer on their own; the system’s resolver does not know it.`
  if (leads === 'nowhere') return `The system’s resolver does not know ${host}.`
  if (leads === 'unanswered')
    return `The system’s resolver gave no answer for ${host} in time, so where it points is not known.`
  if (leads === 'elsewhere') return `${host} points to ${addresses.join(' and ')}, which is another computer.`
  return `${host} points to this computer (${addresses.join(', ')}).`
}

function browserNote(
  { name, overHttps, readsHosts }: BrowserDns,
  { host, leads }: { host: string; leads: NameReport['leads'] },
): NameReport['browsers'] {
  const isHere = leads === 'here' || leads === 'other'
  if (overHttps === 'off' || readsHosts || isLocalhost(host) || !isHere) return []
  return [
    {
      name,
      sentence: `It asks by DNS over HTTPS and is set to leave the hosts file aside, so it does not find ${host} here. Set network.trr.exclude-etc-hosts to true in about:config.`,
    },
  ]
}

function notesOf({ domain, host }: ServedName, { browsers, vpns, hosts, suffixes }: Known): string[] {
  const suffix = preloadedSuffix(domain)
  const shown = readableName(host)
  const base = readableName(domain.slice(2))
  const hstsLines = browsers.flatMap((browser) => hstsNotes(browser, host))
  return [
    ...(suffix
      ? [
          `Everything below .${suffix} is on the browsers’ HSTS list: they never speak HTTP with ${shown}, and let nobody past a bad certificate. A name below .test has no such list.`,
        ]
      : []),
    ...(host.endsWith('.local')
      ? [
          `.local belongs to mDNS (RFC 6762): other devices on the network may answer for ${shown}, and systems ask them first. Prefer a name below .test or .internal.`,
        ]
      : []),
    ...(vpns.length > 0
      ? [
          `A VPN may be on (${vpns.join(', ')}). The hosts file still counts; names that only a DNS server knows may point elsewhere.`,
        ]
      : []),
    ...hstsLines,
    ...(domain.startsWith('*.') && !suffixes.names.some((each) => isUnder(host, each))
      ? [
          `A hosts file has no wildcards: each name below ${base} needs a line of its own ("edgekeep names install NAME")${suffixes.obstacle ? '' : `, or all of them are led here at once ("edgekeep names install --suffix ${base}")`}.`,
        ]
      : []),
    ...(hosts.file && contradiction(hosts.file, host) ? [contradictionSentence(hosts, host)] : []),
  ]
}

const waysToForget: Record<BrowserDns['kind'], (name: string) => string> = {
  chromium: (name) => `enter ${name} under "Delete domain security policies" in chrome://net-internals/#hsts`,
  firefox: (name) =>
    `open its history (Ctrl+Shift+H), right-click a page of ${name} and choose "Forget About This Site"`,
}

function hstsNotes({ name: browser, kind, hstsEntries }: BrowserDns, host: string): string[] {
  return hstsEntries(host).map(({ profile, name, until }) => {
    const who = profile === null ? browser : `${browser}, profile ${profile},`
    const why = name === host ? 'the site' : `${readableName(name)}, above it,`
    return `${who} goes to ${readableName(host)} by HTTPS alone until ${until.toISOString().slice(0, 10)}, because ${why} once said so (HSTS), and lets nobody past a bad certificate. To have it forgotten, ${waysToForget[kind](name)}.`
  })
}

export function contradictionSentence({ file, path }: HostsPlace, host: string): string {
  const line = file && contradiction(file, host)
  return `Line ${line?.number} of ${path}, which Edgekeep did not write, points ${readableName(host)} to ${line?.address}. Change or remove that line yourself.`
}

/** Obstacle that no line in the hosts file removes. */
function hindranceOf(host: string, leads: NameReport['leads'], { hosts, suffixes }: Known): string | null {
  if (leads === 'here' || leads === 'unanswered') return null
  if (leads === 'other') return 'Free the port, or give its number in the address: "edgekeep ports" says how.'
  if (leads === 'browsers') return null
  const suffix = suffixes.names.find((each) => isUnder(host, each))
  if (suffix && !suffixes.isAnswered)
    return `The system asks Edgekeep for names below .${suffix}, and nobody answers on port ${suffixes.port}: start the edge ("edgekeep up").`
  if (hosts.obstacle)
    return `${hosts.obstacle.sentence} Meanwhile "edgekeep open ${readableName(host)}" opens it in a browser of its own.`
  if (hosts.file && contradiction(hosts.file, host)) return contradictionSentence(hosts, host)
  return null
}
