import { dirname, resolve } from 'node:path'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { BoundedFiles, FoundAt } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { noteUnknownAnchors, originAnchors } from '../setup/origin-anchors.ts'
import { proxiedHost } from './caddy-headers.ts'
import type { Handler } from './caddy-schema.ts'

interface Around {
  files: BoundedFiles
  notes: NoteTaker
}

/** Origins of a proxy in the order of attempts. */
export function originsOf(at: FoundAt, { upstreams = [], transport, headers }: Handler, around: Around) {
  const { notes } = around
  const { tls } = transport ?? {}
  if (upstreams.length > 1)
    notes.differs(
      at,
      'reverse_proxy',
      'Requests go to the first upstream; the others are used while it is out.',
    )
  const verify = !tls?.insecure_skip_verify
  const anchorsPem = tls && verify ? anchorsOf(at, tls, around) : null
  return upstreams.flatMap(({ dial = '' }): ServerOrigin[] => {
    try {
      const origin = parseOrigin(`${tls ? 'https' : 'http'}://${dial}`) as ServerOrigin
      const hostHeader = proxiedHost(headers, dial)
      return [{ ...origin, hostHeader, sni: tls?.server_name ?? null, verify, anchorsPem }]
    } catch {
      notes.left(at, 'reverse_proxy', 'Its upstream is no host and port.')
      return []
    }
  })
}

type Tls = NonNullable<NonNullable<Handler['transport']>['tls']>

/** `tls_trust_pool file` and `inline`, and the older `tls_trusted_ca_certs`. */
function anchorsOf(at: FoundAt, { ca, root_ca_pool, root_ca_pem_files }: Tls, around: Around): string | null {
  const paths = [...(ca?.pem_files ?? []), ...(root_ca_pem_files ?? [])]
  const ders = [...(ca?.trusted_ca_certs ?? []), ...(root_ca_pool ?? [])]
  const from = [
    ...paths.map((path) => resolve(dirname(at.file), path)),
    ...ders.map((der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`),
  ]
  if (ca && from.length === 0) noteUnknownAnchors(at, 'tls_trust_pool', around.notes)
  return originAnchors({ at, what: 'tls_trust_pool', from }, around)
}
