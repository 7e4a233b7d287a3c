import { kindsWithoutKeys, type TargetKind } from '../../../contract/targets/targets.ts'
import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import type { Kind } from './kind.ts'
import { kubernetes } from './kubernetes.ts'
import { nginx } from './nginx.ts'
import { traefik } from './traefik.ts'

const kinds: Record<TargetKind, Kind> = { nginx, haproxy, caddy, apache, traefik, kubernetes }

export function kindOf({ kind }: { kind: TargetKind }): Kind {
  return kinds[kind]
}

/** Whether keys are at the server, and not made and renewed elsewhere. */
export function hasKeys({ kind }: { kind: TargetKind }): boolean {
  return !kindsWithoutKeys.has(kind)
}

/** Mode of a private key at a server that has keys. */
export function keyModeOf(target: { kind: TargetKind }): number {
  const { keyMode } = kindOf(target)
  if (keyMode === null) throw new TypeError('The keys of this kind are made elsewhere')
  return keyMode
}
