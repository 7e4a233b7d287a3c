import { z } from 'zod'
import { visibleText } from '../visible-text.ts'
import { define, none } from './define.ts'

/** Stores and clients of this computer. */
export const trustErrors = {
  'trust.no_client': define(
    'input',
    z.object({ wanted: z.array(z.string()), names: z.array(z.string()) }),
    (d) =>
      d.names.length === 0
        ? 'No client that Edgekeep knows is on this computer.'
        : `No client here is called ${d.wanted.map((each) => `"${visibleText(each)}"`).join(' or ')}. There are: ${d.names.join(', ')}.`,
  ),
  'trust.no_bundle': define(
    'state',
    none,
    () =>
      'The bundle that the variables point to is not there, or has an earlier root. Write it with "edgekeep trust install".',
  ),
  'trust.not_all': define(
    'state',
    z.object({ names: z.array(z.string()) }),
    (d) => `Not trusted, or not proven: ${d.names.join(', ')}. See the reason beside each.`,
  ),
} as const
