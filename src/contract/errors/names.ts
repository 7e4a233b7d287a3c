import { z } from 'zod'
import { define } from './define.ts'
import { readableName } from '../text/readable-name.ts'

/** Names on this computer, and the ports they are reached on. */
export const namesErrors = {
  'names.not_here': define(
    'state',
    z.object({ names: z.array(z.string()) }),
    (d) => `Not pointed to the edge: ${d.names.map(readableName).join(', ')}. See the reason beside each.`,
  ),
  'names.unanswered': define(
    'state',
    z.object({ name: z.string() }),
    (d) => `The look-up of ${readableName(d.name)} had no answer in time, so where it points is not known.`,
  ),
  'names.not_served': define(
    'input',
    z.object({ name: z.string() }),
    (d) =>
      `No domain here serves ${readableName(d.name)}. Add it with "edgekeep domain add ${readableName(d.name)} --origin http://127.0.0.1:3000".`,
  ),
  'names.no_browser': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `No browser could be opened. ${d.reason}`,
  ),
  'names.suffix_refused': define(
    'input',
    z.object({ suffix: z.string(), reason: z.string() }),
    (d) => `Names below ${readableName(d.suffix)} cannot be pointed here as a whole: ${d.reason}.`,
  ),
  'ports.not_standard': define(
    'state',
    z.object({ sentences: z.array(z.string()) }),
    (d) => `Some addresses need a port number: the edge is not on both 443 and 80. ${d.sentences.join(' ')}`,
  ),
  'setup.not_all': define(
    'state',
    z.object({ titles: z.array(z.string()) }),
    (d) => `Not done: ${d.titles.join(', ')}. See the reason beside each.`,
  ),
  'setup.not_green': define(
    'state',
    z.object({ domains: z.array(z.string()) }),
    (d) => `Not green: ${d.domains.join(', ')}. The reason is beside each client.`,
  ),
} as const
