import { z } from 'zod'
import { define, none } from './define.ts'

/** The engine, the installation and the folder they run on. */
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
}
