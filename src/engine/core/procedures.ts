import { implement as implementContract, ORPCError } from '@orpc/server'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { contract } from '../../contract/procedures.ts'
import type { Core } from './core.ts'

/** Context of a call; a feature's handlers name what they need in it. */
export interface CallContext {
  parts: Pick<Core, 'log' | 'vault'>
}

export function proceduresFor<Context extends CallContext>() {
  return implementContract(contract)
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

type Handler<Context, Input, Output> = (call: {
  context: Context
  input: Input
  signal?: AbortSignal
}) => Output | Promise<Output>

/** Service of a procedure; `signal` is that of the caller's abort, and no result stands for an empty one. */
type Service<Procedure> = Procedure extends {
  handler(handler: Handler<infer Context extends { parts: unknown }, infer Input, infer Output>): unknown
}
  ? (
      parts: Context['parts'],
      input: Input,
      signal: AbortSignal | undefined,
      context: Context,
    ) => Output | Promise<Output> | (Record<string, never> extends Output ? void | Promise<void> : never)
  : never
type Handled<Procedure> = Procedure extends { handler(handler: never): infer Implemented }
  ? Implemented
  : never

/** Handlers for a section of the contract, or for some of its procedures, from the services that these call. */
export function implement<Section extends object, Name extends keyof Section>(
  section: Section,
  services: { [N in Name]: Service<Section[N]> },
): { [N in Name]: Handled<Section[N]> } {
  const names = Object.keys(services) as Name[]
  return Object.fromEntries(names.map((name) => [name, handled(section[name], services[name])])) as never
}

function handled(procedure: unknown, service: unknown): unknown {
  const serve = service as (...given: unknown[]) => unknown
  const implementer = procedure as { handler(handler: Handler<CallContext, unknown, unknown>): unknown }
  return implementer.handler(async ({ context, input, signal }) => {
    const result = await serve(context.parts, input, signal, context)
    return result === undefined ? {} : result
  })
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
