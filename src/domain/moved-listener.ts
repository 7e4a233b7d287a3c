import type { EngineStatus } from '../contract/engine/engine-status.ts'

export type MovedListener = NonNullable<EngineStatus['edge']['https']> & { protocol: 'https' | 'http' }

/** Listeners of the edge that are not on their port, because another program has or had it. */
export function movedListeners(edge: Pick<EngineStatus['edge'], 'https' | 'http'>): MovedListener[] {
  const listeners = (['https', 'http'] as const).map((protocol) => ({ protocol, listener: edge[protocol] }))
  return listeners.flatMap(({ protocol, listener }) =>
    listener && listener.port !== listener.wantedPort ? [{ protocol, ...listener }] : [],
  )
}

/** Sentence for people: the program on the wanted port, and the port that is used instead. */
export function movedListenerMessage(moved: MovedListener): string {
  const { protocol, port, wantedPort, isTaken, takenBy } = moved
  if (!isTaken) return `Port ${wantedPort} is free again, but ${protocol}:// addresses still end in :${port}.`
  const owner = takenBy === null ? '' : ` by ${takenBy}`
  return `Port ${wantedPort} is taken${owner}, so ${protocol}:// addresses end in :${port}.`
}

/** The same with the remedy on the command line. */
export function movedListenerAdvice(moved: MovedListener): string {
  const remedy = moved.isTaken ? 'Stop that program, then run' : 'Run'
  return `${movedListenerMessage(moved)} ${remedy} "edgekeep ports retry".`
}
