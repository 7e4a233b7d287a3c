import type { KeyWorkOptions } from '../pki/formats/key-work.ts'
import type { RouterContext } from './procedures.ts'

/** What a call that opens files gives them: it ends when the caller aborts, and every window is told how far it is. */
export function keyWork({ parts }: RouterContext, signal: AbortSignal | undefined): KeyWorkOptions {
  return { signal, onProgress: (done) => parts.topics.openings.publish({ done }) }
}
