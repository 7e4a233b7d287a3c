import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { Edge } from '../../../src/edge/worker/edge.ts'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import { faultText } from '../../../src/edge/worker/limits/faults.ts'
import type { ExchangeFacts, HandshakeFacts, Observer } from '../../../src/edge/worker/observe/observe.ts'
import { handshakeSettings, servingId } from '../../../src/edge/protocol/handshake-settings.ts'
import type { FolderOrigin, OriginState, ServerOrigin } from '../../../src/contract/domains/origins.ts'
import type { Limits } from '../../../src/edge/worker/limits/limits.ts'
import type { Route, Snapshot } from '../../../src/edge/protocol/snapshot.ts'
import { createTestAuthority, issueTestLeaf, type TestAuthority, type TestLeaf } from '../pki/certificates.ts'
import type { Published } from '../../../src/contract/lan/published.ts'
import type { FoundAt } from '../../../src/edge/protocol/worker-protocol.ts'

export function routeTo(
  port: number,
  change: Partial<Omit<Route, 'origin'>> & { origin?: Partial<ServerOrigin> | FolderOrigin } = {},
): Route {
  const { origin, ...rest } = change
  return {
    domain: 'shop.test',
    certificateId: 'shop',
    outage: null,
    redirect: { mode: 'none', code: 301 },
    policies: defaultPolicies,
    ...rest,
    origin:
      origin?.protocol === 'folder'
        ? origin
        : {
            protocol: 'http',
            host: '127.0.0.1',
            httpPort: port,
            httpsPort: port,
            hostHeader: null,
            sni: null,
            verify: false,
            anchorsPem: null,
            http2: false,
            ...origin,
          },
  }
}

export interface TestEdge {
  edge: Edge
  authority: TestAuthority
  https: number
  http: number
  logs: string[]
  /** Internal faults of the edge: no input from outside may cause one. */
  faults: string[]
  apply(
    change: Partial<
      Pick<
        Snapshot,
        'routes' | 'extraOriginAnchors' | 'publicPorts' | 'staples' | 'vaultFolder' | 'published'
      >
    > & {
      leaves?: Record<string, TestLeaf>
    },
  ): void
  /** A TLS connection for `servername`, handshake done. */
  connect(options?: ConnectionOptions): Promise<TLSSocket>
  close(): Promise<void>
}

/** Starts the edge in this process, on ports that the system chooses. */
export async function startTestEdge(
  routes: Route[],
  options: {
    leaves?: Record<string, TestLeaf>
    limits?: Partial<Limits>
    observer?: Observer
    extraOriginAnchors?: string[]
    /** Required for folders to be served. */
    vaultFolder?: string
    onOriginStates?: (domain: string, states: OriginState[]) => void
    onFindings?: (found: FoundAt[]) => void
    onPublished?: (addresses: Published[]) => void
    mdnsPort?: number
  } = {},
): Promise<TestEdge> {
  const authority = createTestAuthority()
  const logs: string[] = []
  const faults: string[] = []
  const edge = new Edge({
    onFault: (where, error) => faults.push(`${where}: ${faultText(error)}`),
    limits: { tickMs: 20, ...options.limits },
    ...(options.onOriginStates ? { onOriginStates: options.onOriginStates } : {}),
    ...(options.onFindings ? { onFindings: options.onFindings } : {}),
    ...(options.onPublished ? { onPublished: options.onPublished } : {}),
    ...(options.mdnsPort ? { mdnsPort: options.mdnsPort } : {}),
    ...(options.observer ? { observer: options.observer } : {}),
    log: (level, message, fields) => logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
  })
  let version = 0
  let leaves = options.leaves ?? { shop: issueTestLeaf(authority, { names: ['shop.test', '*.shop.test'] }) }
  let current = {
    routes,
    extraOriginAnchors: options.extraOriginAnchors ?? [],
    publicPorts: { https: 443, http: 80 },
    vaultFolder: options.vaultFolder ?? '/nowhere',
    staples: {} as Snapshot['staples'],
    published: [] as NonNullable<Snapshot['published']>,
  }
  const apply: TestEdge['apply'] = ({ leaves: newLeaves, ...change }) => {
    const wanted = { ...current, ...change }
    const wantedLeaves = newLeaves ?? leaves
    version += 1
    edge.apply({ version, ...wanted, ...servedUnderPolicies(wanted.routes, wantedLeaves) })
    // A refused configuration is not applied.
    current = wanted
    leaves = wantedLeaves
  }
  apply({})
  const { https, http } = await edge.listen({ addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 })
  apply({ publicPorts: { https, http } })
  return {
    edge,
    authority,
    https,
    http,
    logs,
    faults,
    apply,
    async connect(connection = {}) {
      const socket = connectTls({
        host: '127.0.0.1',
        port: https,
        servername: 'shop.test',
        ca: authority.certificatePem,
        ALPNProtocols: ['http/1.1'],
        ...connection,
      })
      socket.on('error', () => {})
      await once(socket, 'secureConnect')
      return socket
    },
    close: () => edge.drain({ deadlineMs: 0, lingerMs: 0 }),
  }
}

export class KeepingObserver implements Observer {
  readonly exchanges: ExchangeFacts[] = []
  readonly handshakes: HandshakeFacts[] = []

  exchangeEnded(facts: ExchangeFacts): void {
    this.exchanges.push(facts)
  }

  handshake(facts: HandshakeFacts): void {
    this.handshakes.push(facts)
  }
}

/** Routes and certificates as the policies of each route serve them. */
function servedUnderPolicies(
  routes: Route[],
  leaves: Record<string, TestLeaf>,
): Pick<Snapshot, 'routes' | 'certificates'> {
  const certificates = servingCertificates(leaves)
  const served = routes.map((route) => {
    const handshake = handshakeSettings(route.policies.tls)
    const leaf = route.certificateId === null ? undefined : leaves[route.certificateId]
    if (route.certificateId === null || !leaf) return route
    const certificateId = servingId(route.certificateId, handshake)
    const { chainPem, keyPem } = leaf
    certificates[certificateId] = { chainPem, leafKeyPem: Buffer.from(keyPem), handshake }
    return { ...route, certificateId }
  })
  return { routes: served, certificates }
}

export function servingCertificates(leaves: Record<string, TestLeaf>): Snapshot['certificates'] {
  return Object.fromEntries(
    Object.entries(leaves).map(([id, leaf]) => [
      id,
      {
        chainPem: leaf.chainPem,
        leafKeyPem: Buffer.from(leaf.keyPem),
        handshake: handshakeSettings(defaultPolicies.tls),
      },
    ]),
  )
}

export async function connectPlain(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Writes `bytes` and returns the answer until the other side closes, or `untilMs` have passed. */
export async function exchangeBytes(
  socket: Socket,
  bytes: string | Buffer | (string | Buffer)[],
  untilMs = 5_000,
): Promise<string> {
  let received = ''
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
  // A reset is an answer too: the bytes before it count.
  socket.on('error', () => {})
  for (const piece of Array.isArray(bytes) ? bytes : [bytes]) socket.write(piece as string, 'latin1')
  const timer = setTimeout(() => socket.destroy(), untilMs)
  await new Promise((resolve) => socket.once('close', resolve))
  clearTimeout(timer)
  return received
}

/** Reads until the input contains `wanted`. */
export async function readUntil(socket: Socket, wanted: string | RegExp, withinMs = 5_000): Promise<string> {
  let received = ''
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(new Error(`only got: ${received}`)), withinMs)
    const onData = (chunk: Buffer): void => {
      received += chunk.toString('latin1')
      if (typeof wanted === 'string' ? received.includes(wanted) : wanted.test(received)) done()
    }
    const onClose = (): void => done(new Error(`closed after: ${received}`))
    const done = (error?: Error): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('close', onClose)
      if (error) reject(error)
      else resolve(received)
    }
    socket.on('data', onData).on('close', onClose)
  })
}
