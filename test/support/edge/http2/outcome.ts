import { frameTypes } from '../../../../src/edge/worker/http2-protocol/codes.ts'
import type { SeenFrame } from '../http2-frames.ts'
import { errorNames, type Outcome } from '../http2-cases/parts.ts'

/** Opaque bytes of a PING whose acknowledgement shows that a connection lives. */
export const probe = Buffer.from('thisping')

/** Reaction of a server, by its frames. */
export function outcomeIn(frames: SeenFrame[], isClosed: boolean): Outcome {
  const of = (type: keyof typeof frameTypes) => frames.filter((seen) => seen.type === frameTypes[type])
  const code = (seen: SeenFrame | undefined, at: number) => errorNames[seen?.payload.readUInt32BE(at) ?? 0]
  const ended = of('goAway').flatMap((seen) => code(seen, 4) ?? [])[0]
  if (ended) return `connection error ${ended}`
  const reset = of('reset').flatMap((seen) => code(seen, 0) ?? [])[0]
  if (reset) return `stream error ${reset}`
  const answered = of('headers').flatMap(({ payload }) => statuses[payload[0] ?? 0] ?? [])[0]
  if (answered) return `answers ${answered}`
  return isClosed || !of('ping').some(({ payload }) => payload.equals(probe)) ? 'closes' : 'goes on'
}

/** Statuses by their indexed HPACK byte (RFC 7541, appendix A). */
const statuses: Record<number, number> = { 0x88: 200, 0x8c: 400, 0x8d: 404, 0x8e: 500, 0x08: 501 }
