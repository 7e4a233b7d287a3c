import { z } from 'zod'
import { define, none } from './define.ts'

export const noticeErrors = {
  'notice.not_found': define(
    'input',
    z.object({ reference: z.string() }),
    (d) => `There is no notice channel "${d.reference}". "edgekeep notice" lists them.`,
  ),
  'notice.name_taken': define(
    'input',
    z.object({ name: z.string() }),
    (d) => `A notice channel is called "${d.name}" already. Choose another name.`,
  ),
  'notice.command_from_window': define(
    'state',
    none,
    () =>
      'A program that gets notices is added on the command line only: "edgekeep notice add NAME --command /path/to/program".',
  ),
  'notice.in_clear': define(
    'input',
    z.object({ host: z.string() }),
    (d) =>
      `Notices would go to ${d.host} unencrypted, with what lets others send there. Use https:// or TLS; without it, a webhook has to be in this computer's own network, and a mail server on this computer.`,
  ),
  'notice.not_sent': define(
    'state',
    z.object({ name: z.string(), reason: z.string() }),
    (d) => `"${d.name}" did not take the notice: ${d.reason}.`,
  ),
}
