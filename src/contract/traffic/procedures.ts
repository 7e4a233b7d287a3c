import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { base } from '../shared/procedure-base.ts'
import {
  accessLogSchema,
  accessLogStateSchema,
  replayedSchema,
  trafficDetailSchema,
  trafficEventSchema,
  trafficRing,
  watchTrafficSchema,
} from './traffic.ts'

const trafficId = z.object({ id: z.number().int().positive() })

export const trafficContract = {
  /** Recent traffic in the engine's memory, then live events. Workers report only while this is open. */
  watch: base.input(watchTrafficSchema).output(eventIterator(trafficEventSchema)),
  get: base.input(trafficId.extend({ reveal: z.boolean().default(false) })).output(trafficDetailSchema),
  clear: base.output(z.object({})),
  /** Recent traffic as HTTP archive (HAR 1.2): all of it, a domain's, or the exchanges of `ids`. */
  har: base
    .input(watchTrafficSchema.extend({ ids: z.array(z.number().int()).max(trafficRing).optional() }))
    .output(z.file()),
  /** Repeats a GET or HEAD through the edge, unchanged. */
  replay: base.input(trafficId).output(replayedSchema),
  accessLog: base.output(accessLogStateSchema),
  setAccessLog: base.input(accessLogSchema).output(accessLogStateSchema),
}
