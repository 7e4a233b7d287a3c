import { useCallback, useState } from 'react'
import { asEdgekeepError } from '../../client/client.ts'
import type { EdgekeepError } from '../../contract/errors.ts'

export interface Call {
  busy: boolean
  error: EdgekeepError | null
  /** Runs `act`, keeps its failure in `error`; resolves with its value, undefined where it failed. */
  run<T>(act: () => Promise<T>): Promise<T | undefined>
  clear(): void
}

/** One call at a time to the engine, with its busy and error states for the screen. */
export function useCall(): Call {
  const [state, setState] = useState<{ busy: boolean; error: EdgekeepError | null }>({
    busy: false,
    error: null,
  })
  const run = useCallback(async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    setState({ busy: true, error: null })
    try {
      const value = await act()
      setState({ busy: false, error: null })
      return value
    } catch (error) {
      setState({ busy: false, error: asEdgekeepError(error) })
      return undefined
    }
  }, [])
  const clear = useCallback(() => setState({ busy: false, error: null }), [])
  return { ...state, run, clear }
}
