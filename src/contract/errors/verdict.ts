import { formatNumber } from '../text/count.ts'
import { z } from 'zod'
import { define } from './define.ts'

/** Negative verdicts, and wrong use of the command line. */
export const verdictErrors = {
  'verification.failed': define('state', z.object({ reason: z.string() }), (d) => d.reason),
  'lint.findings': define(
    'state',
    z.object({ errors: z.number(), warnings: z.number() }),
    (d) => `The lint found errors: ${d.errors}, warnings: ${d.warnings}. The advice is beside each.`,
  ),
  'preflight.refused': define(
    'state',
    z.object({ targets: z.array(z.string()) }),
    (d) => `Refused by ${d.targets.join(', ')}. The reasons are beside each.`,
  ),
  'comparison.worse': define(
    'state',
    z.object({ reasons: z.array(z.string()) }),
    (d) => `Something is lost: ${d.reasons.join(' ')}`,
  ),
  'bulk.not_all': define(
    'state',
    /** `unknown`: begun when the engine ended, and not among the failed. */
    z.object({ failed: z.number().int(), rows: z.number().int(), unknown: z.number().int().default(0) }),
    ({ failed, rows, unknown }) =>
      [
        ...(failed > 0 ? [`${formatNumber(failed)} of ${formatNumber(rows)} were not done.`] : []),
        ...(unknown > 0
          ? [`Whether ${formatNumber(unknown)} of ${formatNumber(rows)} were done is not known.`]
          : []),
        'The reason is beside each.',
      ].join(' '),
  ),
  'check.failed': define('state', z.object({ reason: z.string() }), (d) => d.reason),
  'demo.failed': define('state', z.object({ step: z.string() }), (d) => `The demo stopped at: ${d.step}.`),
  'usage.wrong': define('input', z.object({ reason: z.string() }), (d) => d.reason),
}
