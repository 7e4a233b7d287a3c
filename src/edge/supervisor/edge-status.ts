import { noEdge, type EngineStatus } from '../../contract/engine/engine-status.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { WorkerSlot } from './worker-slot.ts'

export type EdgeStatus = EngineStatus['edge'] & { inEffect: number | null }

export class StatusBoard {
  readonly #status: EdgeStatus = { ...noEdge, inEffect: null }
  readonly #slots: readonly WorkerSlot[]
  readonly #changed: () => void
  #portProblem: EdgeStatus['problem'] = null

  constructor(slots: readonly WorkerSlot[], changed: () => void) {
    this.#slots = slots
    this.#changed = changed
  }

  get current(): Readonly<EdgeStatus> {
    return this.#status
  }

  /** Oldest version that a worker serves; null while there is none. */
  get inEffect(): number | null {
    const versions = this.#slots.map((slot) => slot.version).filter((version) => version !== null)
    return versions.length > 0 ? Math.min(...versions) : null
  }

  set(change: Partial<EdgeStatus>): void {
    const status = Object.assign(this.#status, change)
    if (status.state !== 'stopped' && status.state !== 'starting') status.state = this.#stateOfSlots()
    status.workerPids = this.#slots.map((slot) => slot.pid).filter((pid) => pid !== null)
    status.inEffect = this.inEffect
    status.problem = this.#problem()
    this.#changed()
  }

  setPortProblem(problem: EdgeStatus['problem']): void {
    this.#portProblem = problem
    this.set({})
  }

  #stateOfSlots(): 'running' | 'restarting' | 'failed' {
    if (this.#slots.some((slot) => slot.isServing)) return 'running'
    return this.#slots.every((slot) => slot.failures > 10) ? 'failed' : 'restarting'
  }

  #problem(): EdgeStatus['problem'] {
    const refused = this.#slots.find((slot) => slot.refused !== null)?.refused
    if (!refused) return this.#portProblem
    const { code, message } = new EdgekeepError('edge.not_applied', { version: refused.version })
    return { code, message }
  }
}
