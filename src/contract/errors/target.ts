import { z } from 'zod'
import { define, named, none } from './define.ts'

export const targetErrors = {
  'target.not_found': define(
    'input',
    named,
    (d) => `There is no target "${d.name}". "edgekeep target list" lists them.`,
  ),
  'target.name_taken': define(
    'input',
    named,
    (d) => `A target is called "${d.name}" already. Choose another name.`,
  ),
  'target.from_command_line': define(
    'state',
    none,
    () =>
      'A target names files and programs of a server, so it is added and removed on the command line only: edgekeep target add.',
  ),
  'target.unusable': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `The target cannot be used: ${d.reason.replace(/\.$/, '')}. Nothing was stored.`,
  ),
  'target.drifted': define(
    'state',
    z.object({ servers: z.array(z.string()) }),
    (d) => `Not as published: ${d.servers.join(', ')}. The differences are beside each.`,
  ),
  'publish.untranslatable': define(
    'input',
    z.object({ domain: z.string(), reasons: z.array(z.string()) }),
    (d) =>
      `${d.domain} cannot be published: ${d.reasons.join('; ')}. A server would serve it otherwise than meant, so nothing was published.`,
  ),
  'publish.unwritable': define(
    'input',
    z.object({ value: z.string() }),
    (d) =>
      `"${d.value}" cannot be written into a server's configuration: it has characters that could mean something there. Nothing was published.`,
  ),
  'publish.changed': define(
    'state',
    named,
    (d) =>
      `A renewal of ${d.name} would change its configuration too. Look at the changes and publish them: edgekeep publish --to ${d.name} --dry-run`,
  ),
  'publish.needs_files': define(
    'state',
    z.object({ domain: z.string(), target: z.string() }),
    (d) =>
      `The certificate of ${d.domain} was uploaded, and its key never leaves the vault. Give its files again: edgekeep publish ${d.domain} --to ${d.target} --upload CERTIFICATE KEY`,
  ),
  'publish.failed': define(
    'state',
    z.object({ servers: z.array(z.string()) }),
    (d) => `Not published: ${d.servers.join(', ')}. The step that failed is named beside each.`,
  ),
}
