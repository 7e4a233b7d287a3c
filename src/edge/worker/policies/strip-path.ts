import type { EdgeRequest } from '../http/request.ts'

interface StrippedRequest extends EdgeRequest {
  /** Target as the client wrote it. */
  asked: string
}

/** Rewrites `/api/users?x` to `/users?x` and adds the field from which many servers learn the prefix. */
export function withoutPath(request: EdgeRequest, path: string): StrippedRequest {
  const rest = request.target.slice(path.length)
  const target = rest.startsWith('/') ? rest : `/${rest}`
  const lines = `${request.lines}x-forwarded-prefix: ${path}\r\n`
  return { ...request, target, lines, asked: request.target }
}

/** Target that the client requested, with its prefix. */
export function askedTarget(request: EdgeRequest | StrippedRequest): string {
  return 'asked' in request ? request.asked : request.target
}
