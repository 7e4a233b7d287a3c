import { formatNearest, nearest } from '../text/nearest.ts'
import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define } from './define.ts'
import { sentences } from '../text/sentences.ts'

export const trustErrors = {
  'trust.no_client': define(
    'input',
    z.object({ wanted: z.array(z.string()), names: z.array(z.string()) }),
    (d) =>
      d.names.length === 0
        ? sentences.noTrustClients
        : `No client here is called ${d.wanted.map((each) => `"${visibleText(each)}"`).join(' or ')}.${formatNearest(nearest(d.wanted[0] ?? '', d.names.map(firstWord)))} Known here: ${d.names.join(', ')}.`,
  ),
  'trust.no_bundle': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `The CA bundle that the environment variables point to could not be written: ${d.reason}`,
  ),
  'trust.other_home': define(
    'state',
    z.object({ differs: z.enum(['home folder', 'user']) }),
    (d) =>
      `The running engine has another ${d.differs} than this command, so it would change stores that are not yours. Nothing was changed. Run the command as the user and with the HOME of the engine, or end the engine first.`,
  ),
  'trust.not_all': define(
    'state',
    z.object({ names: z.array(z.string()) }),
    (d) => `Not trusted, or not tested: ${d.names.join(', ')}. The reason is beside each.`,
  ),
} as const

/** `Firefox` of `Firefox, profile a`: the part that a person types. */
function firstWord(name: string): string {
  return /^[\p{L}\p{N}]+/u.exec(name)?.[0] ?? name
}
