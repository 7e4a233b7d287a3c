import { define, none, withReason } from './define.ts'
import { formatPlace } from './place.ts'

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
}
