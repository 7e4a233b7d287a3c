import type { RouteTable } from './policies/routes.ts'
import type { ClientHello } from './tls/client-hello.ts'
import type { Shaker } from './tls/greeting.ts'
import type { OnDemandRenewal } from './tls/on-demand-renewal.ts'
import type { Challenges } from './tls/shown-challenges.ts'
import type { TlsServersByCertificate } from './tls/tls-servers-by-certificate.ts'

export interface ServerChoice {
  state: { challenges: Challenges; routes: RouteTable }
  servers: TlsServersByCertificate
  renewal: OnDemandRenewal
}

/** Chooses the TLS server of a handshake by its server name (SNI), or the reason for its refusal. */
export function serverByName(
  choice: ServerChoice,
  serverName: string,
  hello: ClientHello,
): Shaker | Promise<Shaker> {
  const challenge = choice.state.challenges.serverFor(serverName, hello)
  if (challenge) return challenge
  return (
    awaitedRenewal(choice, serverName)?.then(() => served(choice, serverName)) ?? served(choice, serverName)
  )
}

function awaitedRenewal({ state, servers, renewal }: ServerChoice, serverName: string): Promise<void> | null {
  const route = state.routes.lookup(serverName)
  const id = route?.certificateId ?? null
  const certificate = id === null ? null : servers.certificateOf(id)
  if (!route || id === null || !certificate) return null
  return renewal.awaited(id, certificate, route.domain)
}

function served({ state, servers }: ServerChoice, serverName: string): Shaker {
  const route = state.routes.lookup(serverName)
  if (!route) return 'unknown-name'
  if (route.outage !== null) return 'no-key'
  return (route.certificateId === null ? null : servers.get(route.certificateId)) ?? 'https-off'
}
