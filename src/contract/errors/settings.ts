import { z } from 'zod'
import { changedMeanwhileSchema, changedMeanwhileSentence } from './changed-meanwhile.ts'
import { define } from './define.ts'

/** Errors of global settings, except those of the edge. */
export const settingsErrors = {
  'settings.changed_meanwhile': define(
    'state',
    /** `of`: "the ACME server". */
    changedMeanwhileSchema.extend({ of: z.string() }),
    (d) => changedMeanwhileSentence(d, d.of),
  ),
}
