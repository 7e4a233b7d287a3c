import type { SuffixesView } from '../../contract/names/names.ts'
import { openDnsResponder } from './dns-responder.ts'
import type { Routing } from './suffix-routing.ts'
import { dnsPort } from '../core/settings.ts'
import type { DnsNeeds, NamesNeeds } from './needs.ts'
import { servingDomain } from './names.ts'

const hostPattern = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Opens the responder on a port; each query sees the names that are served then. */
export async function openDns(parts: DnsNeeds, port: number): Promise<void> {
  const serves = (name: string) => hostPattern.test(name) && servingDomain(parts, name) !== undefined
  await parts.dns.open(port, () => openDnsResponder(port, serves, parts.dns.failed))
}

/** Reopens the responder at start if it is set; logs a failure. */
export async function reopenDns(parts: DnsNeeds): Promise<void> {
  const port = dnsPort.read(parts.vault)
  if (port === null || !parts.supervisor) return
  await openDns(parts, port).catch((error: unknown) => {
    parts.log.error({ err: error, port }, 'DNS responder start failed')
  })
}

const preferredPort = 15_353

/** Port in use, or set, or free: it is written into the system's settings and must not change. */
export async function portForDns({ vault, dns }: NamesNeeds): Promise<number> {
  const known = dns.port ?? dnsPort.read(vault)
  if (known !== null) return known
  const tried = await portNow(preferredPort).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    return portNow(0)
  })
  return tried
}

async function portNow(port: number): Promise<number> {
  const responder = await openDnsResponder(
    port,
    () => false,
    () => undefined,
  )
  responder.close()
  return responder.port
}

export function suffixesView({ dns }: NamesNeeds, { place, installed, obstacle }: Routing): SuffixesView {
  return {
    names: installed?.suffixes ?? [],
    port: installed?.port ?? null,
    isAnswered: installed !== null && dns.port === installed.port,
    place: place === '' ? null : place,
    obstacle,
  }
}
