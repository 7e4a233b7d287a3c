import type { StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../client/client.ts'
import type { AnswerName, InspectorState } from './inspector-state.ts'

interface Answers {
  /** Runs `act` and stores its answer in the state; `about` is the id of its piece. */
  ask<K extends AnswerName>(
    name: K,
    about: string | null,
    act: () => Promise<InspectorState[K]['result']>,
  ): Promise<void>
  /** Ignores the answers of all pending calls. */
  drop(): void
}

/** Answers in the state; a late answer to an earlier call of the same name is ignored. */
export function createAnswers(store: StoreApi<InspectorState>): Answers {
  const turns: Record<AnswerName, number> = {
    diagnosis: 0,
    lint: 0,
    preflight: 0,
    timeline: 0,
    comparison: 0,
  }
  return {
    async ask(name, about, act) {
      type Answer = InspectorState[typeof name]
      const mine = ++turns[name]
      const set = (patch: Partial<Answer>) => {
        if (mine !== turns[name]) return
        store.setState({ [name]: { ...store.getState()[name], ...patch } } as Partial<InspectorState>)
      }
      const before = store.getState()[name]
      const same = !('about' in before) || before.about === about
      const old = same ? {} : { result: null }
      set({ about, busy: true, problem: null, ...old } as unknown as Partial<Answer>)
      try {
        set({ busy: false, result: await act() } as Partial<Answer>)
      } catch (error) {
        set({ busy: false, result: null, problem: asEdgekeepError(error) } as Partial<Answer>)
      }
    },
    drop() {
      for (const name of Object.keys(turns) as AnswerName[]) turns[name] += 1
    },
  }
}
