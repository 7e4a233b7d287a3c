import { useCallback, useState } from 'react'
import { asEdgekeepError } from '../../client/client.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'

export interface Call {
  busy: boolean
  error: EdgekeepError | null
  /** Runs `act` and resolves with its value, or with undefined after storing its failure in `error`. */
  run<T>(act: () => Promise<T>): Promise<T | undefined>
  clear(): void
}

/** One engine call at a time, with its busy and error state. */
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
