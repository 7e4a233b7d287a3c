import { useCallback, useEffect, useState } from 'react'
import type { Effect } from '../../../../contract/domains/domains.ts'
import type {
  FoundSetup,
  ImportProgram,
  LastImport,
  ProgramPlan,
  UndoneImport,
} from '../../../../contract/imports/imports.ts'
import type { Client } from '../../../../client/client.ts'
import { useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { type Call, useCall } from '../../../ui/feedback/feedback.tsx'

/** Setup to read: the usual place of a program, or files. */
export interface Chosen {
  program: ImportProgram
  files: File[] | null
  passphrase?: string
}

export interface Planned {
  chosen: Chosen
  shown: ProgramPlan
}

export interface MoveIn {
  /** Null until known. */
  found: FoundSetup[] | null
  last: LastImport | null
  planned: Planned | null
  call: Call
  plan: (chosen: Chosen) => Promise<void>
  apply: () => Promise<Effect | undefined>
  leave: () => void
}

export function undoLast({ imports }: Client): Promise<UndoneImport> {
  return imports.undo()
}

/** Setups of this computer, the last import, and the plan of the next one. */
export function useMoveIn(): MoveIn {
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const call = useCall()
  const { run: runRead } = useCall()
  const [found, setFound] = useState<FoundSetup[] | null>(null)
  const [last, setLast] = useState<LastImport | null>(null)
  const [planned, setPlanned] = useState<Planned | null>(null)
  const { run } = call

  useEffect(() => {
    if (connected) void runRead((client) => client.imports.found()).then((answer) => setFound(answer ?? []))
  }, [connected, runRead])
  useEffect(() => {
    if (connected) void runRead((client) => client.imports.last()).then((answer) => setLast(answer ?? null))
  }, [connected, runRead, status])

  const plan = useCallback(
    async (chosen: Chosen) => {
      const shown = await run((client) => client.imports.planProgram(chosen))
      if (shown) setPlanned({ chosen, shown })
    },
    [run],
  )
  const apply = async () => {
    if (!planned) return undefined
    const { chosen, shown } = planned
    const { digest, plan: made } = shown
    const done = await run((client) =>
      client.imports.applyProgram({ ...chosen, version: made.version, digest }),
    )
    if (done) setPlanned(null)
    return done?.effect
  }
  const leave = () => {
    call.clear()
    setPlanned(null)
  }
  return { found, last, planned, call, plan, apply, leave }
}
