import { EdgekeepError } from '../contract/errors/registry.ts'

/** Error about the command line itself: `usage.wrong`, exit status 2. */
export function usageError(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('usage.wrong', { reason }, cause === undefined ? undefined : { cause })
}
