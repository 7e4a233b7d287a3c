import type { StatusBoard } from './edge-status.ts'
import type { SupervisorOptions } from './supervisor-options.ts'
import type { SlotOptions } from './worker-slot.ts'

/** Forwards a worker's messages to the log, the status and the callbacks of the options. */
export function slotEvents(options: SupervisorOptions, status: StatusBoard): Omit<SlotOptions, 'onExit'> {
  const { log, workerEntry } = options
  return {
    workerEntry,
    onLog: ({ level, message, fields }) => log[level](fields ?? {}, message),
    onFault: ({ message, fields }) => {
      log.error(fields, message)
      status.set({ faults: status.current.faults + 1 })
    },
    onOrigins: ({ domain, states }) => options.onOrigins?.(domain, states),
    onUsage: (report) => options.onUsage?.(report),
    onFindings: (found) => options.onFindings?.(found),
    onStale: (domain) => options.onStale?.(domain),
    onStuck: () => log.error({}, 'The edge worker gives no sign of life and is ended'),
    onMisread: (error) => log.error({ err: error }, 'A message of the edge worker could not be acted on'),
    onRefused: (refusal) => log.error(refusal, 'The edge cannot take up a configuration'),
    onTraffic: ({ reports, omitted }) => options.onTraffic?.(reports, omitted),
    changed: () => status.set({}),
  }
}
