import type { PageOutcomeName, TrustClient } from '../../contract/trust/trust.ts'
import type { FoundClient } from './clients/find-clients.ts'
import type { PageAnswer } from './probes/page-text.ts'

export interface BrowserRow {
  client: FoundClient
  view: TrustClient
  /** Store through which it would trust. */
  through: string | null
}

type Shown = Pick<BrowserRow, 'view' | 'through'>

/** Outcome of a page; the reason is that of the edge. */
export type PageOutcome = { type: Exclude<PageOutcomeName, 'refused'> } | { type: 'refused'; reason: string }

/** TLS alerts of clients that reject the issuer (RFC 8446, section 6.2). */
const distrust = ['unknown_ca', 'certificate_unknown', 'bad_certificate']

/**
 * The verdict for page, window and command line alike.
 * @param row the browser's row, if it has one
 */
export function verdictOf(outcome: PageOutcome, browser: string | null, row: Shown | null): PageAnswer {
  const name = browser ?? 'The browser'
  const other = (title: string, sentence: string, todo: string, words: string | null = null): PageAnswer => ({
    ...{ outcome: 'other', title, sentence, todo, words },
  })
  switch (outcome.type) {
    case 'trusted':
      return {
        outcome: 'trusted',
        title: `${name} trusts the local authority`,
        sentence: 'It finished a handshake with the edge, without a warning.',
        todo: null,
        words: null,
      }
    case 'careless':
      return other(
        `${name} accepts any certificate`,
        'It also accepted a certificate of an unknown authority, so the test says nothing.',
        'It was started with an option that turns certificate errors off, as tools for testing do (--ignore-certificate-errors). Start it without, and repeat the check.',
      )
    case 'refused':
      return distrust.some((alert) => outcome.reason.includes(`alert ${alert}`))
        ? other(
            `${name} does not trust the local authority`,
            'It refused the certificate of the edge.',
            howToTrust(row),
            outcome.reason,
          )
        : other(
            `${name} did not finish a handshake`,
            'It reached the edge, and the handshake failed.',
            howToTrust(row),
            outcome.reason,
          )
    case 'unreached':
      return other(
        `${name} did not reach the edge`,
        'The page asked, and nothing of that arrived at the edge.',
        'An extension that blocks requests, a proxy or a VPN may be in the way. Repeat the check in a private window, or let the browser connect to localhost without a proxy.',
      )
    case 'silent':
      return other(
        `${name} did not answer`,
        'The page was opened, and did not say that it had asked the edge.',
        'Leave the page open until it shows a result, allow JavaScript for it, and repeat the check.',
      )
    case 'unopened':
      return other(
        'The page was not opened',
        'Nobody opened the address in time.',
        'Repeat the check, which gives a new address.',
      )
  }
}

const restart = 'quit the browser completely, open it again, and repeat the check.'

function howToTrust(row: Shown | null): string {
  if (row?.view.state === 'trusted')
    return `The authority is installed for “${row.view.name}”, but browsers read it when they start: ${restart}`
  if (row)
    return `Install the authority for “${row.view.name}” on the page Trust, or by "edgekeep trust install". Then ${restart}`
  return `Import the root into this browser’s certificates as an authority for web sites: “Save PEM” on the page Trust, or "edgekeep authority export", writes it. Then ${restart}`
}
