import type { LogFields } from '../../protocol/worker-protocol.ts'

/** Handles an internal error: it is logged and counted, and ends only the object in which it happened. */
export type OnFault = (where: string, error: unknown, fields?: LogFields) => void

export function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Wraps a listener so that it never throws: errors go to `onFault`, which ends no more than necessary. */
export function guarded<Args extends unknown[]>(
  onFault: (error: unknown) => void,
  listener: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      listener(...args)
    } catch (error) {
      onFault(error)
    }
  }
}

interface Contained {
  /** Ends the object after its first internal error. Never throws. */
  endByFault(error: unknown): void
}

/**
 * Wraps all public methods of a class so that they never throw: an exception ends the one object in which it
 * happened. Sockets and streams call them from listeners, where an exception would end the worker and with it
 * every domain. A wrapped method with a result then returns `true`: do not wait.
 */
export function containFaults(prototype: Contained): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== 'function' || value === prototype.constructor || value === prototype.endByFault)
      continue
    Object.defineProperty(prototype, name, { value: contained(value as Method) })
  }
}

type Method = (this: Contained, one?: unknown, other?: unknown) => unknown

/** Rest parameters would cost an array for each call on the data path. */
function contained(method: Method): Method {
  if (method.length > 2) throw new Error('a contained method has two parameters at most')
  return function (one, other) {
    try {
      return method.call(this, one, other)
    } catch (error) {
      this.endByFault(error)
      return true
    }
  }
}
