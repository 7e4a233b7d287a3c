import { z } from 'zod'
import { define } from './define.ts'

const withReason = z.object({ reason: z.string() })

/** Updates of the desktop app. */
export const updateErrors = {
  'update.unreachable': define(
    'trouble',
    withReason,
    (d) => `The check for updates failed: ${d.reason}. Check your connection and try again.`,
  ),
  'update.untrusted': define(
    'trouble',
    withReason,
    (d) =>
      `The update was refused: ${d.reason}. Nothing was installed. Please report it if this happens again.`,
  ),
  'update.not_installed': define(
    'trouble',
    withReason,
    (d) => `The update cannot be installed: ${d.reason}. The installed version is unchanged.`,
  ),
}
