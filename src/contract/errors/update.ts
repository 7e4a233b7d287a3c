import { z } from 'zod'
import { define } from './define.ts'

const withReason = z.object({ reason: z.string() })

/** Updates of the desktop app. */
export const updateErrors = {
  'update.unreachable': define(
    'trouble',
    withReason,
    (d) => `Updates cannot be looked for now: ${d.reason}. Check your connection and try again.`,
  ),
  'update.untrusted': define(
    'trouble',
    withReason,
    (d) => `The update was refused: ${d.reason}. Nothing was installed. Tell us if this happens again.`,
  ),
  'update.not_installed': define(
    'trouble',
    withReason,
    (d) => `The update cannot be installed: ${d.reason}. This version stays as it is.`,
  ),
}
