import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { PublishStep } from '../../contract/targets/targets.ts'
import { HostFault } from './hosts/host.ts'

type StepName = PublishStep['step']

/** A step failed, and its reason is in the report. */
export class StepFailed extends Error {}

export type Steps = ReturnType<typeof createSteps>

/** Steps at one server, noted as they are made. */
export function createSteps() {
  const made: PublishStep[] = []
  return {
    made,
    /**
     * Makes a step; `done` is its sentence once it succeeded.
     * @throws `StepFailed` for what is a fault of the server; others pass
     */
    async make<T>(step: StepName, done: string, act: () => Promise<T>): Promise<T> {
      try {
        const result = await act()
        made.push({ step, ok: true, sentence: done })
        return result
      } catch (error) {
        if (!(error instanceof HostFault || error instanceof EdgekeepError)) throw error
        made.push({ step, ok: false, sentence: error.message })
        throw new StepFailed(step, { cause: error })
      }
    },
  }
}
