import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { EdgekeepError, isErrorCode, type ErrorData } from '../contract/errors/registry.ts'
import type { Contract } from '../contract/procedures.ts'

/** Transport of the contract's frames: a WebSocket, or an object with the same interface. */
export type Frames = Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'>

export type Client = ContractRouterClient<Contract>

/** Creates a client of the engine over `frames`. Calls reject with errors that `asEdgekeepError` reads. */
export function createClient(frames: Frames): Client {
  return createORPCClient(new RPCLink({ websocket: frames }))
}

/** Converts the failure of a call; a failure without a code becomes `engine.unreachable`. */
export function asEdgekeepError(error: unknown): EdgekeepError {
  if (error instanceof EdgekeepError) return error
  if (error instanceof ORPCError && isErrorCode(error.code)) {
    return new EdgekeepError(error.code, error.data as ErrorData<typeof error.code>)
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return new EdgekeepError('input.invalid', { reason: invalidFields(error) }, { cause: error })
  }
  if (error instanceof ORPCError) return new EdgekeepError('engine.failed', {}, { cause: error })
  return new EdgekeepError('engine.unreachable', { reason: 'the connection ended' }, { cause: error })
}

function invalidFields(error: ORPCError<string, unknown>): string {
  const issues = (error.data as { issues?: { message: string; path?: (string | number)[] }[] } | undefined)
    ?.issues
  const first = issues?.[0]
  if (!first) return 'The request is not understood.'
  return `The request is not understood: ${first.path?.length ? `${first.path.join('.')}: ` : ''}${first.message}.`
}
