import { z } from 'zod'
import { define, none, withReason } from './define.ts'
import { formatPlace } from './place.ts'

/** Setups that are read from files: those of Edgekeep and of other programs. */
export const configurationErrors = {
  'staging.expired': define(
    'state',
    none,
    () => 'These files are no longer in memory: they are kept for fifteen minutes. Add them again.',
  ),
  'configuration.malformed': define(
    'input',
    withReason,
    (d) =>
      `The configuration${d.place ? ` (${formatPlace(d.place)})` : ''} cannot be read: ${d.reason}. Nothing was changed.`,
  ),
  'configuration.outdated': define(
    'state',
    none,
    () => 'The configuration changed after the difference was shown. Compare again.',
  ),
  'import.nothing_found': define(
    'input',
    z.object({ source: z.string() }),
    (d) =>
      `Nothing of ${d.source} was found there that could be imported. Give the path of its configuration: edgekeep import --from ${d.source} PATH.`,
  ),
  'import.unreadable': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `The setup of the other program cannot be read: ${d.reason}. Nothing was changed.`,
  ),
  'import.nothing_to_undo': define(
    'state',
    none,
    () => 'No import is left to undo: nothing was imported, or the last import has been undone.',
  ),
}
