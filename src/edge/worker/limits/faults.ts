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
 * Wraps methods of a class, of two arguments at most, so that they never throw: an exception ends the one
 * object in which it happened. Sockets and streams call them from listeners, where an exception would end the
 * worker and with it every domain. A wrapped method with a result then returns `true`: do not wait.
 */
export function containFaults<T extends Contained, Name extends keyof T>(
  prototype: T,
  names: readonly Name[],
): void {
  for (const name of names) {
    const method = prototype[name] as (one?: unknown, other?: unknown) => unknown
    const contained = function (this: T, one?: unknown, other?: unknown): unknown {
      try {
        return method.call(this, one, other)
      } catch (error) {
        this.endByFault(error)
        return true
      }
    }
    prototype[name] = contained as T[Name]
  }
}
