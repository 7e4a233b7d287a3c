import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { ProofPageEvent } from '../../../contract/trust/trust.ts'
import type { GlobalOptions, Session, Result } from '../../frame/command.ts'
import { printError } from '../../output/output.ts'
import { moment } from '../../output/times.ts'

/**
 * Probes an open browser: the person opens the page in it. Ctrl-C ends the process, and the page with its
 * connection.
 */
export async function provePage({ client }: Session, { json }: GlobalOptions): Promise<Result> {
  for await (const event of await client.trust.provePage()) {
    if (event.type === 'outcome') return resultOf(event)
    printError(json ? JSON.stringify(event) : formatEvent(event))
  }
  throw new TypeError('A page ends with its outcome')
}

function formatEvent(event: Exclude<ProofPageEvent, { type: 'outcome' }>): string {
  if (event.type === 'opened') return `${event.browser} opened it. Asking the edge …`
  const { address, expiresAt } = event
  return `Open this address in the browser to be tried:\n\n  ${address}\n\nIt works once, until ${moment(expiresAt)}. Press Ctrl-C to stop.`
}

function resultOf(event: Extract<ProofPageEvent, { type: 'outcome' }>): Result {
  const { type: _, ...data } = event
  const { outcome, browser, title, sentence, words, todo } = event
  const lines = [`${title}.`, sentence, words && `The edge saw: ${words}`, todo]
  const notProven = new EdgekeepError('trust.not_all', { names: [browser ?? 'the browser of the page'] })
  return {
    data,
    text: lines.filter((line) => line !== null && line !== '').join('\n'),
    ...(outcome === 'trusted' ? {} : { no: notProven }),
  }
}
