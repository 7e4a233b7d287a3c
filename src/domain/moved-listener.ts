import type { EngineStatus } from '../contract/engine/engine-status.ts'

export type MovedListener = NonNullable<EngineStatus['edge']['https']> & { protocol: 'https' | 'http' }

/** Listeners of the edge that are not on their port, because another program has or had it, or the system forbids it. */
export function movedListeners(edge: Pick<EngineStatus['edge'], 'https' | 'http'>): MovedListener[] {
  const listeners = (['https', 'http'] as const).map((protocol) => ({ protocol, listener: edge[protocol] }))
  return listeners.flatMap(({ protocol, listener }) =>
    listener && listener.port !== listener.wantedPort ? [{ protocol, ...listener }] : [],
  )
}

/** Sentence for people: the program on the wanted port, and the port that is used instead. */
export function movedListenerMessage(moved: MovedListener): string {
  const { protocol, port, wantedPort, isTaken, isForbidden, takenBy } = moved
  if (isForbidden)
    return `Port ${wantedPort} needs privileges that this user does not have, so ${protocol}:// addresses end in :${port}.`
  if (!isTaken) return `Port ${wantedPort} is free again, but ${protocol}:// addresses still end in :${port}.`
  const owner = takenBy === null ? '' : ` by ${takenBy}`
  return `Port ${wantedPort} is taken${owner}, so ${protocol}:// addresses end in :${port}.`
}

/** The same with the remedy on the command line. */
export function movedListenerAdvice(moved: MovedListener): string {
  if (moved.isForbidden)
    return `${movedListenerMessage(moved)} Allow it with "edgekeep ports install", or keep this one: edgekeep settings --${moved.protocol}-port ${moved.port}`
  const remedy = moved.isTaken ? 'Stop that program, then run' : 'Run'
  return `${movedListenerMessage(moved)} ${remedy} "edgekeep ports retry".`
}
