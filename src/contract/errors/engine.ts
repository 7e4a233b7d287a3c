import { z } from 'zod'
import { changedMeanwhileSchema, changedMeanwhileSentence } from './changed-meanwhile.ts'
import { define, none } from './define.ts'

const withReason = z.object({ reason: z.string() })

/** The engine with its settings, what agents may not call, and the installation with its updates. */
export const engineErrors = {
  'engine.unreachable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The engine does not answer: ${d.reason}. Start it with "edgekeep up".`,
  ),
  'engine.not_running': define(
    'state',
    none,
    () => 'The engine is not running. Start it with "edgekeep up".',
  ),
  'engine.busy': define(
    'trouble',
    none,
    () =>
      'Another Edgekeep process has this vault open but does not answer. Wait for it to end, or end it, and try again.',
  ),
  'engine.unresponsive': define(
    'trouble',
    none,
    () =>
      'The engine has stopped responding. Domains may still be served, but nothing can be shown or changed. Restart the engine.',
  ),
  'engine.ending': define(
    'trouble',
    none,
    () =>
      'The engine is stopping, as it does after a backup was restored. Try again in a moment. Nothing was changed.',
  ),
  'engine.failed': define(
    'trouble',
    none,
    () => 'An unexpected error occurred in the engine. The details are in its log. Nothing was changed.',
  ),
  'service.unavailable': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `Edgekeep cannot run as a systemd unit here: ${d.reason}.`,
  ),
  'service.failed': define(
    'trouble',
    z.object({ command: z.string(), reason: z.string() }),
    (d) =>
      `"${d.command}" failed: ${d.reason || 'it did not say why'}. Run it yourself, or undo what was done with "edgekeep service remove".`,
  ),
  'service.not_running': define('state', none, () => 'Edgekeep does not run as a systemd unit.'),
  'install.incomplete': define(
    'trouble',
    z.object({ part: z.string() }),
    (d) =>
      `A part of Edgekeep is missing: ${d.part}. Install it again; in a checkout, run "npm ci" and then "npm run build".`,
  ),
  'home.unusable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `Edgekeep's data folder cannot be used: ${d.reason}.`,
  ),
  'settings.changed_meanwhile': define(
    'state',
    /** `of`: "the ACME server". */
    changedMeanwhileSchema.extend({ of: z.string() }),
    (d) => changedMeanwhileSentence(d, d.of),
  ),
  'agent.not_allowed': define(
    'state',
    z.object({ changes: z.enum(['domains', 'certificates']) }),
    ({ changes }) =>
      `Agents may not change ${changes} here. The person at this computer can allow it on the Settings page, under Agents, or with: edgekeep settings --agents-may ${changes}`,
  ),
  'agent.never_allowed': define(
    'state',
    z.object({ reason: z.string() }),
    ({ reason }) => `Agents cannot do this: ${reason}. Use the window or the command line.`,
  ),
  'agent.too_many_calls': define(
    'state',
    z.object({ perMinute: z.number().int() }),
    ({ perMinute }) => `Agents may make ${perMinute} calls a minute. Wait a minute, then try again.`,
  ),
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
