import type { EdgeRequest } from '../http/request.ts'

/** A request for an origin that does not know below which path it is served. */
interface StrippedRequest extends EdgeRequest {
  /** The target as the client wrote it. */
  asked: string
}

/** `/api/users?x` as `/users?x`, with the field by which many servers learn what was taken off. */
export function withoutPath(request: EdgeRequest, path: string): StrippedRequest {
  const rest = request.target.slice(path.length)
  const target = rest.startsWith('/') ? rest : `/${rest}`
  const lines = `${request.lines}x-forwarded-prefix: ${path}\r\n`
  return { ...request, target, lines, asked: request.target }
}

/** What the client asked for, whatever the origin is asked for. */
export function askedTarget(request: EdgeRequest | StrippedRequest): string {
  return 'asked' in request ? request.asked : request.target
}
