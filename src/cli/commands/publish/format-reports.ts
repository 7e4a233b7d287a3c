import type { PastReport, ServerReport } from '../../../contract/targets/targets.ts'
import { visibleLines, visibleText } from '../../../contract/text/visible-text.ts'

const states: Record<ServerReport['state'], string> = {
  planned: 'would be published',
  published: 'published',
  written: 'written, for you to apply',
  unchanged: 'as it should be already',
  refused: 'not published, nothing was changed',
  'rolled-back': 'not published, and as before again',
  failed: 'NOT as before: look at the last step',
  away: 'not reached, or lost before the switch',
  waiting: 'not published yet: the authority issues no more certificates for now',
  skipped: 'not attempted',
}

/** Steps of each server, with the diff of a plan; after a publication it would push them out of sight. */
export function formatReports(reports: readonly (PastReport & { diff?: string })[]): string {
  return reports
    .map(({ server, state, steps, diff = '' }) =>
      [
        `${server}: ${states[state]}`,
        ...steps.map(
          // A server's own message may have several lines.
          ({ step, ok, sentence }) =>
            `  ${ok ? 'ok  ' : 'FAIL'} ${step}: ${visibleLines(sentence).replaceAll('\n', '\n       ')}`,
        ),
        ...(state === 'planned' && diff !== ''
          ? ['', ...diff.split('\n').map((line) => `  ${visibleText(line)}`)]
          : []),
      ].join('\n'),
    )
    .join('\n\n')
}
