import { z } from 'zod'
import { define } from './define.ts'

const withReason = z.object({ reason: z.string() })

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
  'update.list_expired': define(
    'trouble',
    z.object({ expiredAt: z.string() }),
    (d) =>
      `The update list is out of date: it was valid until ${d.expiredAt.slice(0, 10)}. Updates may be held back. Check the clock of this computer and try again later, or look for a new version where you got this one.`,
  ),
  'update.not_installed': define(
    'trouble',
    withReason,
    (d) => `The update cannot be installed: ${d.reason}. The installed version is unchanged.`,
  ),
}
