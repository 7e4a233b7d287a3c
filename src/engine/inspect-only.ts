import { isContractProcedure } from '@orpc/contract'
import { contract } from '../contract/procedures.ts'
import type { EdgekeepError } from '../contract/errors/registry.ts'
import type { Opening } from '../contract/inspect/procedures.ts'
import { createTopic } from './core/live.ts'
import type { Log } from './core/log.ts'
import type { EngineParts } from './engine-parts.ts'
import { createFileSessions } from './inspect/file-sessions.ts'
import { inspectHandlers } from './inspect/handlers.ts'
import { createInspections } from './inspect/inspect.ts'
import { proceduresFor } from './core/procedures.ts'
import type { router, RouterContext } from './router.ts'

/*
 * The contract without a vault, for a window whose engine cannot be started: looking into files works, and
 * every other call fails with the reason why there is no engine.
 */

/** Handlers of `inspect`; all others throw `reason`. */
export function inspectOnlyRouter(reason: EdgekeepError): typeof router {
  const refusing = refuseAll(contract, proceduresFor<RouterContext>(), reason) as typeof router
  return { ...refusing, inspect: inspectHandlers } as typeof router
}

/** Parts for file inspection: a clock, a log, and a vault without an authority. */
export function inspectOnlyContext(log: Log): RouterContext {
  const parts = {
    clock: () => new Date(),
    log,
    topics: { openings: createTopic<Opening>() },
    vault: { isOpen: () => true, authority: { list: () => [] } },
  } as unknown as EngineParts
  const inspections = createInspections(parts, createFileSessions())
  return { parts, inspections, owner: Symbol('window') } as RouterContext
}

interface Implementer {
  handler(act: () => never): unknown
}

/** Walks the contract and its implementers in parallel; a procedure is a leaf. */
function refuseAll(node: unknown, implementers: unknown, reason: EdgekeepError): unknown {
  if (isContractProcedure(node)) {
    return (implementers as Implementer).handler(() => {
      throw reason
    })
  }
  return Object.fromEntries(
    Object.entries(node as object).map(([name, below]) => [
      name,
      refuseAll(below, Reflect.get(implementers as object, name), reason),
    ]),
  )
}
