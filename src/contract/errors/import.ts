import { z } from 'zod'
import { define, none } from './define.ts'

export const importErrors = {
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
