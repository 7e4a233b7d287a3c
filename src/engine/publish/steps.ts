import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { PublishEvent, PublishStep } from '../../contract/targets/targets.ts'
import { HostFault } from './hosts/host.ts'

type StepName = PublishStep['step']

/** Notes that `done` of `total` parts of a step are made. @throws `HostFault` once the publication is cancelled */
export type Progress = (done: number, total: number) => void

/** Watcher of a publication, and its cancellation. */
export interface Watch {
  signal: AbortSignal
  report: (event: PublishEvent) => void
}

/** A step failed, and its reason is in the report. */
export class StepFailed extends Error {}

export type Steps = ReturnType<typeof createSteps>

const betweenReportsMs = 200

/** Steps at one server, noted as they are made. A cancelled publication makes no more, but those of the rollback. */
export function createSteps(server: string, { signal, report }: Watch) {
  const made: PublishStep[] = []
  const note = (step: PublishStep) => {
    made.push(step)
    report({ type: 'step', server, step })
  }

  function progressOf(step: StepName): Progress {
    let next = 0
    return (done, total) => {
      if (signal.aborted && !step.startsWith('rollback')) throw new HostFault('Cancelled.')
      if (performance.now() < next) return
      next = performance.now() + betweenReportsMs
      report({ type: 'running', server, step, done, total })
    }
  }

  return {
    made,
    /**
     * Makes a step; `done` is its sentence once it succeeded, which may depend on the result.
     * @throws `StepFailed` for what is a fault of the server, and for a cancellation; others pass
     */
    async make<T>(
      step: StepName,
      done: string | ((result: T) => string),
      act: (progress: Progress) => Promise<T>,
    ): Promise<T> {
      const progress = progressOf(step)
      try {
        progress(0, 0)
        const result = await act(progress)
        note({ step, ok: true, sentence: typeof done === 'string' ? done : done(result) })
        return result
      } catch (error) {
        if (!(error instanceof HostFault || error instanceof EdgekeepError)) throw error
        note({ step, ok: false, sentence: error.message })
        throw new StepFailed(step, { cause: error })
      }
    },
  }
}
