import type { Client } from '../../../client/client.ts'
import { packingCalls } from './calls.ts'
import { createInspector, type Inspector } from './inspector.ts'

const inspectors = new WeakMap<Client, Inspector>()

/** The one inspector of `client`'s window: what was dropped stays while other pages are looked at. */
export function inspectorOf(client: Client): Inspector {
  const known = inspectors.get(client)
  if (known) return known
  const inspector = createInspector(packingCalls(client.inspect))
  inspectors.set(client, inspector)
  return inspector
}
