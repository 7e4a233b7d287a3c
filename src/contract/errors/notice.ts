import { z } from 'zod'
import { define, none } from './define.ts'

/** Notices, and the public servers that are watched for them. */
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
  'watch.not_found': define(
    'input',
    z.object({ server: z.string() }),
    (d) => `${d.server} is not watched. Add it with: edgekeep watch add ${d.server}`,
  ),
  'watch.too_many': define(
    'input',
    z.object({ most: z.number() }),
    (d) => `At most ${d.most} servers are watched. Remove some first. Nothing was added.`,
  ),
  'watch.faults': define(
    'state',
    z.object({ servers: z.array(z.string()) }),
    (d) => `Not as it should be: ${d.servers.join(', ')}. The reasons are beside each.`,
  ),
}
