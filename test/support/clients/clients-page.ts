import { clientCases } from './cases.ts'
import { accepts } from './program.ts'
import type { Recorded } from './recorded.ts'

/** Programs whose own error stands in the table. */
const named = ['chrome', 'firefox']

/** The recorded table as a page of the documentation. */
export function clientsPage({ programs, cases }: Recorded): string {
  const ids = Object.keys(programs)
  const cell = (id: string, answer: string | undefined) => {
    if (answer === undefined) return ''
    if (answer === accepts) return '✓'
    return named.includes(id) ? `\`${answer.replaceAll('|', '/')}\`` : '✗'
  }
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    '# What real programs accept',
    '',
    'Written by `npm run conformance -- clients --record`: each chain is served on loopback, and each program is asked with the chain’s root trusted. ✓: it accepts; else its own error, or ✗. The errors of all are in `test/support/clients/recorded.json`. `edgekeep preflight` is held against this table.',
    '',
    ...ids.map(
      (id) => `- ${programs[id]?.name}: ${programs[id]?.version}, asked on ${programs[id]?.askedOn}`,
    ),
    '',
    row(['Chain', ...ids.map((id) => programs[id]?.name ?? id)]),
    row(['---', ...ids.map(() => '---')]),
    ...clientCases.map(({ id, title }) =>
      row([title, ...ids.map((program) => cell(program, cases[id]?.[program]))]),
    ),
    '',
  ].join('\n')
}
