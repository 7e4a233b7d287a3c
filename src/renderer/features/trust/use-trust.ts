import { useCallback, useEffect, useRef, useState } from 'react'
import type { LocalAuthority } from '../../../contract/local-authority/authority.ts'
import type { NamesReport } from '../../../contract/names/names.ts'
import type { TrustAtlas } from '../../../contract/trust/trust.ts'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { type Call, useCall } from '../../ui/feedback/feedback.tsx'
import { useLookAgain } from '../../ui/primitives/look-again.ts'

export interface Progress {
  title: string
  done: number
  total: number
}

export interface Trust {
  atlas: TrustAtlas | null
  authority: LocalAuthority | null
  /** Null until known: names take longer than stores. */
  names: NamesReport | null
  call: Call
  namesCall: Call
  /** Set while clients are probed. */
  progress: Progress | null
  read: () => Promise<void>
  /** Probes `clients`, by default all that can be started. */
  prove: (clients?: string[]) => Promise<void>
  stop: () => void
}

/** Trust of this computer; a probe updates the rows of its clients. */
export function useTrust(): Trust {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const call = useCall()
  const { run } = call
  const namesCall = useCall()
  const { run: runNames } = namesCall
  const [atlas, setAtlas] = useState<TrustAtlas | null>(null)
  const [authority, setAuthority] = useState<LocalAuthority | null>(null)
  const [names, setNames] = useState<NamesReport | null>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const running = useRef<AbortController | null>(null)
  const resolving = useRef<AbortController | null>(null)

  const read = useCallback(async () => {
    resolving.current?.abort()
    const { signal } = (resolving.current = new AbortController())
    const readNames = runNames(async () => {
      try {
        setNames(await client.names.status({}, { signal }))
      } catch (error) {
        if (!signal.aborted) throw error
      }
    })
    const answer = await run(() => Promise.all([client.trust.status(), client.authority.get()]))
    if (answer) {
      setAtlas(answer[0])
      setAuthority(answer[1])
    }
    await readNames
  }, [client, run, runNames])

  useEffect(() => {
    if (connected) void read()
  }, [connected, read])
  // A store that a person changed elsewhere; a probe shows its own results.
  const lookAgain = useCallback(async () => {
    if (!connected || running.current) return
    const seen = await client.trust.status().catch(() => null)
    if (seen && !running.current) setAtlas(seen)
  }, [client, connected])
  useLookAgain(lookAgain)
  useEffect(
    () => () => {
      running.current?.abort()
      resolving.current?.abort()
    },
    [],
  )

  const prove = useCallback(
    async (clients?: string[]) => {
      const controller = new AbortController()
      running.current = controller
      await run(async () => {
        try {
          for await (const event of await client.trust.prove({ clients }, { signal: controller.signal })) {
            if (event.type === 'step') setProgress(event)
            else
              setAtlas((before) =>
                before
                  ? {
                      ...before,
                      clients: before.clients.map((each) =>
                        each.id === event.client.id ? event.client : each,
                      ),
                    }
                  : before,
              )
          }
        } catch (error) {
          if (!controller.signal.aborted) throw error
        } finally {
          running.current = null
          setProgress(null)
        }
      })
    },
    [client, run],
  )

  const stop = () => running.current?.abort()
  return { atlas, authority, names, call, namesCall, progress, read, prove, stop }
}
