import type { NoteTaker } from '../setup/notes.ts'
import type { Directive } from '../setup/directive.ts'
import type { BoundedFiles } from '../setup/found.ts'

/** Addresses of an `upstream` block in the order of attempts. */
export interface Upstream {
  servers: string[]
}

/** Settings of the `http` block, which servers inherit. */
export interface HttpLevel {
  directives: Directive[]
  upstreams: Map<string, Upstream>
  /** Folder of the main file, which relative paths begin at. */
  folder: string
  files: BoundedFiles
}

const harmless = new Set([
  'keepalive',
  'keepalive_timeout',
  'keepalive_requests',
  'keepalive_time',
  'zone',
  'server',
])

export function upstreamsOf(block: Directive[], notes: NoteTaker): Map<string, Upstream> {
  const upstreams = new Map<string, Upstream>()
  for (const { name, args, block: inside } of block) {
    if (name !== 'upstream' || !inside) continue
    const servers = inside.filter((one) => one.name === 'server' && !one.args.includes('down'))
    const backups = servers.filter((one) => one.args.includes('backup'))
    const others = servers.filter((one) => !one.args.includes('backup'))
    const [, second] = others
    if (second)
      notes.differs(second, 'server', 'Requests go to the first server; the others are used while it is out.')
    for (const one of inside)
      if (!harmless.has(one.name) && second)
        notes.left(one, one.name, 'Requests are not distributed among servers here.')
    const addresses = [...others, ...backups].flatMap((one) => one.args[0] ?? [])
    upstreams.set(args[0] ?? '', { servers: addresses })
  }
  return upstreams
}
