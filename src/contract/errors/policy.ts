import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define, none } from './define.ts'

export const policyErrors = {
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
