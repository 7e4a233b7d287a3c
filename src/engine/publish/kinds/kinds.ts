import type { TargetKind } from '../../../contract/targets/targets.ts'
import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import type { Kind } from './kind.ts'
import { nginx } from './nginx.ts'

const kinds: Record<TargetKind, Kind> = { nginx, haproxy, caddy, apache }

export function kindOf({ kind }: { kind: TargetKind }): Kind {
  return kinds[kind]
}
