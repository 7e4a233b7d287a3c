import { z } from 'zod'
import { define, none } from './define.ts'

/** The engine, the installation and the folder they run on. */
export const engineErrors = {
  'engine.unreachable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The engine does not answer: ${d.reason}. Start it with "edgekeep up".`,
  ),
  'engine.busy': define(
    'trouble',
    none,
    () =>
      'Another Edgekeep has this vault open but does not answer. Wait for it to end, or end it, and try again.',
  ),
  'engine.failed': define(
    'trouble',
    none,
    () =>
      'Something went wrong inside the engine. The details are in its log; nothing was changed by this call.',
  ),
  'install.incomplete': define(
    'trouble',
    z.object({ part: z.string() }),
    (d) =>
      `A part of Edgekeep is missing: ${d.part}. Install it again; in a checkout, run "npm ci" and then "npm run build".`,
  ),
  'home.unusable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `Edgekeep's folder cannot be used: ${d.reason}.`,
  ),
}
