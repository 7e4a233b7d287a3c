import type {
  SnapshotDifference,
  SnapshotSource,
  KeysLeaving,
} from '../../../src/edge/supervisor/editions.ts'
import type { Snapshot } from '../../../src/edge/protocol/snapshot.ts'

/** Source that builds a whole snapshot for each call and compares it with the previous one. */
export function sourceOf(
  build: () => Snapshot,
  leavingKeys: () => KeysLeaving | null = () => null,
): SnapshotSource {
  let given: { routes: Map<string, string>; chains: Map<string, string>; snapshot: Snapshot } | null = null

  function take() {
    const snapshot = build()
    const routes = new Map(snapshot.routes.map((route) => [route.domain, JSON.stringify(route)]))
    const chains = new Map(Object.entries(snapshot.certificates).map(([id, { chainPem }]) => [id, chainPem]))
    return { routes, chains, snapshot }
  }

  function change(): SnapshotDifference | null {
    const before = given
    if (!before) return null
    const now = (given = take())
    const { routes, certificates, staples, ...head } = now.snapshot
    const changed = Object.entries(certificates).filter(
      ([id]) => before.chains.get(id) !== now.chains.get(id),
    )
    for (const [id, { leafKeyPem }] of Object.entries(certificates))
      if (!changed.some(([other]) => other === id)) leafKeyPem.fill(0)
    return {
      change: {
        ...head,
        routes: routes.filter(({ domain }) => before.routes.get(domain) !== now.routes.get(domain)),
        removedRoutes: [...before.routes.keys()].filter((domain) => !now.routes.has(domain)),
        certificates: Object.fromEntries(changed),
        staples,
        removedStaples: Object.keys(before.snapshot.staples).filter((leaf) => !(leaf in staples)),
        removedCertificates: [...before.chains.keys()].filter((id) => !now.chains.has(id)),
      },
      endsSessions: [...before.chains].some(([id, chain]) => now.chains.get(id) !== chain),
    }
  }

  return { whole: () => (given = take()).snapshot, change, leavingKeys }
}
