import { z } from 'zod'
import { findingSchema } from './findings.ts'
import { liveOf } from '../shared/live-event.ts'
import { base, byDomain } from '../shared/procedure-base.ts'

export const findingsContract = {
  /** Latest first; those since the engine started. */
  list: base.input(byDomain).output(z.array(findingSchema)),
  watch: base.input(byDomain).output(liveOf(findingSchema)),
  clear: base.input(byDomain).output(z.object({})),
}
