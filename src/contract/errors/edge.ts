import { z } from 'zod'
import { changedMeanwhileSchema, changedMeanwhileSentence } from './changed-meanwhile.ts'
import { define, none } from './define.ts'

const portOwner = z.object({
  port: z.number(),
  owner: z.string().optional(),
  nextFreePort: z.number().optional(),
  /** Listener that requested the port. */
  listener: z.enum(['https', 'http']).optional(),
})

export const edgeErrors = {
  'edge.port_taken': define(
    'trouble',
    portOwner,
    (d) =>
      `Port ${d.port} is taken${d.owner ? ` by ${d.owner}` : ''}.${d.nextFreePort ? ` Port ${d.nextFreePort} is free.` : ' Choose another.'}`,
  ),
  'edge.port_forbidden': define(
    'trouble',
    portOwner.omit({ owner: true }),
    (d) =>
      `Port ${d.port} needs privileges that this user does not have. Choose one above 1023, in the window or with "edgekeep settings".`,
  ),
  'edge.ports_equal': define(
    'input',
    z.object({ port: z.number() }),
    (d) => `Port ${d.port} is set twice. HTTPS, HTTP and the metrics each need a port of their own.`,
  ),
  'edge.changed_meanwhile': define('state', changedMeanwhileSchema, (d) =>
    changedMeanwhileSentence(d, 'the edge'),
  ),
  'edge.workers_unsupported': define(
    'trouble',
    none,
    () =>
      'This system cannot share a port between processes, which more than one worker needs. Set one with "edgekeep settings --workers 1".',
  ),
  'edge.not_running': define('trouble', none, () => 'The edge is not running. Start it with "edgekeep up".'),
  'edge.not_applied': define(
    'trouble',
    z.object({ version: z.number() }),
    (d) =>
      `The change is saved (configuration version ${d.version}), but the edge has not applied it yet. It will when its worker is back.`,
  ),
  'edge.without_keys': define(
    'trouble',
    z.object({ domains: z.array(z.string()) }),
    (d) =>
      `The edge has no keys, because the vault is locked: ${d.domains.join(', ')} cannot be reached over HTTPS. Unlock the vault in the window or with "edgekeep unlock".`,
  ),
  'edge.keys_unreadable': define(
    'trouble',
    z.object({ domains: z.array(z.string()) }),
    (d) =>
      `Some keys in the vault cannot be decrypted: ${d.domains.join(', ')} cannot be reached over HTTPS. Replace the certificate of each, or restore a backup.`,
  ),
  'traffic.gone': define(
    'input',
    none,
    () => 'This entry is no longer kept: only the latest traffic is. Choose one that is listed now.',
  ),
  'traffic.not_replayable': define(
    'input',
    none,
    () =>
      'Only a GET or HEAD request that was recorded whole can be replayed. Requests are recorded whole while the Traffic page or "edgekeep logs --follow" is open.',
  ),
  'traffic.replay_failed': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The replayed request got no complete response (${d.reason}). Its row in Traffic says why.`,
  ),
}
