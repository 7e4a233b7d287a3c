import type { LogFields } from '../protocol/worker-protocol.ts'

/** Takes an error of our own: it is logged and counted, and ends only what it happened in. */
export type OnFault = (where: string, error: unknown, fields?: LogFields) => void

/** The part of it that goes into a log line. */
export function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** A listener that never throws: what it would have thrown goes to `onFault`, which ends no more than it has to. */
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
  /** Ends what the object stands for; called for the first fault in it. Never throws. */
  endByFault(error: unknown): void
}

/**
 * Makes methods of a class, of two arguments at most, that never throw: what they throw ends the one object it
 * happened in. They are called from listeners of sockets and streams, where an exception would end the worker
 * and with it every domain. A method that was to return something then returns `true`: nobody waits for it.
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
