import type { ServedRoute } from './policies/route-rules.ts'
import type { RouteTable } from './policies/routes.ts'
import type { ClientHello } from './tls/client-hello.ts'
import type { Shaker } from './tls/greeting.ts'
import type { OnDemandRenewal } from './tls/on-demand-renewal.ts'
import type { Challenges } from './tls/shown-challenges.ts'
import type { TlsServersByCertificate } from './tls/tls-servers-by-certificate.ts'
import type { UnknownNames } from './tls/unknown-names.ts'

export interface ServerChoice {
  state: { challenges: Challenges; routes: RouteTable }
  servers: TlsServersByCertificate
  renewal: OnDemandRenewal
  unknown: UnknownNames
}

/** Chooses the TLS server of a handshake by its server name (SNI), or the reason for its refusal. */
export function serverByName(
  choice: ServerChoice,
  serverName: string,
  hello: ClientHello,
  publishedAddress: string | null,
): Shaker | Promise<Shaker> {
  const challenge = publishedAddress === null && choice.state.challenges.serverFor(serverName, hello)
  if (challenge) return challenge
  const lookup = () => choice.state.routes.lookup(serverName, publishedAddress)
  const route = lookup()
  const isUnknown = route === null && publishedAddress === null
  const awaited = isUnknown ? choice.unknown.awaited(serverName) : awaitedRenewal(choice, route)
  return awaited?.then(() => served(choice, lookup())) ?? served(choice, route)
}

function awaitedRenewal({ servers, renewal }: ServerChoice, route: ServedRoute | null): Promise<void> | null {
  const id = route?.certificateId ?? null
  const certificate = id === null ? null : servers.certificateOf(id)
  if (!route || id === null || !certificate) return null
  return renewal.awaited(id, certificate, route.domain)
}

function served({ servers }: ServerChoice, route: ServedRoute | null): Shaker {
  if (!route) return 'unknown-name'
  if (route.outage !== null) return 'no-key'
  return (route.certificateId === null ? null : servers.get(route.certificateId)) ?? 'https-off'
}
