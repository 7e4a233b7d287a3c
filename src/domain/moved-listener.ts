import type { EngineStatus } from '../contract/engine/engine-status.ts'

export type MovedListener = NonNullable<EngineStatus['edge']['https']> & { protocol: 'https' | 'http' }

/** Listeners of the edge that are not on their port, because another program has it. */
export function movedListeners(edge: Pick<EngineStatus['edge'], 'https' | 'http'>): MovedListener[] {
  const listeners = (['https', 'http'] as const).map((protocol) => ({ protocol, listener: edge[protocol] }))
  return listeners.flatMap(({ protocol, listener }) =>
    listener && listener.port !== listener.wantedPort ? [{ protocol, ...listener }] : [],
  )
}

/** Sentence for people: the program on the wanted port, and the port that is used instead. */
export function movedListenerMessage({ protocol, port, wantedPort, takenBy }: MovedListener): string {
  const owner = takenBy === null ? '' : ` by ${takenBy}`
  return `Port ${wantedPort} is taken${owner}, so ${protocol}:// addresses end in :${port}.`
}

/** Remedy on the command line. */
export const retryPorts = 'Stop that program, then run "edgekeep ports retry".'
