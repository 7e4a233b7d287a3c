import { define, none, withReason } from './define.ts'
import { placeInWords } from './place.ts'

/** What is imported or staged before it is kept. */
export const configurationErrors = {
  'staging.expired': define(
    'state',
    none,
    () => 'These files are no longer held (they are kept for fifteen minutes). Give them again.',
  ),
  'configuration.malformed': define(
    'input',
    withReason,
    (d) =>
      `The configuration${d.place ? ` (${placeInWords(d.place)})` : ''} is not understood: ${d.reason}. Nothing was changed.`,
  ),
  'configuration.outdated': define(
    'state',
    none,
    () => 'The configuration has changed since the difference was shown. Look at the difference again.',
  ),
}
