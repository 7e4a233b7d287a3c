import { z } from 'zod'
import { formatNearest } from '../text/nearest.ts'
import { readableName } from '../text/readable-name.ts'
import { visibleText } from '../text/visible-text.ts'
import { changedMeanwhileSchema, changedMeanwhileSentence } from './changed-meanwhile.ts'
import { define, named, none } from './define.ts'

/** Domains and their policies. */
export const domainErrors = {
  'name.not_covered': define(
    'state',
    z.object({ domain: z.string(), names: z.array(z.string()) }),
    (d) =>
      `The certificate does not cover ${readableName(d.domain)}; it covers ${d.names.map(readableName).join(', ') || 'no name at all'}. Use one whose names include ${readableName(d.domain)}.`,
  ),
  'domain.invalid': define(
    'input',
    z.object({ name: z.string(), reason: z.string() }),
    (d) => `"${d.name}" is not a domain that can be served: ${d.reason}. Examples: shop.test, *.shop.test.`,
  ),
  'domain.changed_meanwhile': define('state', changedMeanwhileSchema.extend({ name: z.string() }), (d) =>
    changedMeanwhileSentence(d, readableName(d.name)),
  ),
  'domain.exists': define(
    'state',
    named,
    (d) => `${readableName(d.name)} already exists. Change it with "edgekeep domain set".`,
  ),
  'domain.not_found': define(
    'state',
    named.extend({ near: z.string().optional() }),
    (d) =>
      `There is no domain ${readableName(d.name)}.${formatNearest(d.near)} Add it with "edgekeep domain add ${readableName(d.name)} --origin http://127.0.0.1:3000".`,
  ),
  'domain.https_off': define(
    'state',
    named.extend({ command: z.string() }),
    (d) => `HTTPS is off for ${readableName(d.name)}. To turn it on: ${d.command}`,
  ),
  'domain.no_previous': define(
    'state',
    named,
    (d) =>
      `${readableName(d.name)} has no previous certificate to go back to: none was replaced, or it was erased.`,
  ),
  'origin.invalid': define(
    'input',
    /** `origin`: as entered; null for a folder, since no error has a path of the user's. */
    z.object({ origin: z.string().nullable(), reason: z.string() }),
    (d) =>
      d.origin === null
        ? `This folder cannot be an origin: ${d.reason}.`
        : `"${d.origin}" is not an origin: ${d.reason}. Examples: http://127.0.0.1:3000, https://staging.example.com.`,
  ),
  'remote.unreachable': define(
    'input',
    z.object({ host: z.string(), port: z.number(), reason: z.string() }),
    (d) =>
      `${visibleText(d.host)}:${d.port} presents no certificate: ${d.reason}. Check the host, the port and the server name.`,
  ),
  'policy.anchors_missing': define(
    'input',
    none,
    () =>
      'Client certificates are required, but no authority that may issue them is set. Add its certificate (PEM).',
  ),
  'policy.anchor_unusable': define(
    'input',
    z.object({ name: z.string().optional(), reason: z.string() }),
    (d) =>
      `${d.name === undefined ? 'The certificate' : `"${visibleText(d.name)}"`} cannot be used to verify client certificates: ${d.reason}. Add the certificate of the authority that issues them.`,
  ),
  'policy.invalid': define(
    'input',
    z.object({ section: z.string(), reason: z.string() }),
    (d) => `The policy "${d.section}" cannot be set: ${d.reason}. Nothing was changed.`,
  ),
}
