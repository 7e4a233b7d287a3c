import { implement, ORPCError } from '@orpc/server'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { contract } from '../../contract/procedures.ts'
import type { Core } from './core.ts'

/** Context of a call; a feature's handlers name what they need in it. */
export interface CallContext {
  parts: Pick<Core, 'log' | 'vault'>
}

/** Implementers of the contract for handlers with this context. */
export function proceduresFor<Context extends CallContext>() {
  return implement(contract)
    .$context<Context>()
    .use(async ({ next, context, path, signal }) => {
      const translate = translator(context, path, signal)
      try {
        const result = await next()
        const { output } = result as { output: unknown }
        return isEvents(output) ? { ...result, output: translated(output, translate) } : result
      } catch (error) {
        throw translate(error)
      }
    })
}

/** Handler that calls a service with its parts, the input, and the signal of the caller's abort. */
export function withParts<Parts, Input, Output>(
  service: (parts: Parts, input: Input, signal?: AbortSignal) => Output,
) {
  return (call: { context: { parts: Parts }; input: Input; signal?: AbortSignal }): Output =>
    service(call.context.parts, call.input, call.signal)
}

/**
 * Translates errors, here and nowhere else: a coded one crosses the wire unchanged; any other is logged and
 * crosses as `engine.failed`, without its message, which could contain anything. A call during the shutdown
 * of the engine, for example after a restore, finds the vault closed. The end of a call that its caller has left
 * is no failure, and reaches nobody.
 */
function translator(
  { parts: { log, vault } }: CallContext,
  path: readonly string[],
  signal: AbortSignal | undefined,
): (error: unknown) => Error {
  return (error) => {
    if (isCancellation(error, signal)) {
      log.info({ path }, 'Call cancelled by its caller')
      return new ORPCError('CLIENT_CLOSED_REQUEST')
    }
    return vault.isOpen()
      ? onTheWire(error, (unexpected) => log.error({ err: unexpected, path }, 'Call failed'))
      : onTheWire(
          error,
          (unexpected) => log.warn({ err: unexpected, path }, 'Call received too late'),
          'engine.ending',
        )
  }
}

function isCancellation(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted) return false
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}

function isEvents(output: unknown): output is AsyncGenerator<unknown> {
  return typeof (output as Partial<AsyncGenerator> | null)?.[Symbol.asyncIterator] === 'function'
}

/** Translates errors between events like one before the first event. */
async function* translated(
  events: AsyncGenerator<unknown>,
  translate: (error: unknown) => Error,
): AsyncGenerator<unknown> {
  try {
    yield* events
  } catch (error) {
    throw translate(error)
  }
}

function onTheWire(
  error: unknown,
  report: (error: unknown) => void,
  unexpected: 'engine.failed' | 'engine.ending' = 'engine.failed',
): ORPCError<string, unknown> {
  if (error instanceof EdgekeepError) {
    return new ORPCError<string, unknown>(error.code, {
      message: error.message,
      data: error.data,
      status: 422,
    })
  }
  if (error instanceof ORPCError) return error
  report(error)
  const failed = new EdgekeepError(unexpected, {})
  return new ORPCError<string, unknown>(failed.code, { message: failed.message, data: failed.data })
}
