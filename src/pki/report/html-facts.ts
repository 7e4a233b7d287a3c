import type { CertificateFacts, IntakeReport, Piece } from '../../contract/inspect/certificate-facts.ts'
import { listedNames } from '../../contract/text/readable-name.ts'
import { formatPlace } from '../../contract/errors/registry.ts'
import { formatKey } from '../facts/public-key.ts'
import { markup, type Markup } from './markup.ts'

/** Line limit of one extension, against hostile ones. */
const maxShownLines = 60
const shownPieces = 300

export function factsSection({ pieces }: IntakeReport): Markup {
  const more = pieces.length - shownPieces
  return markup`<section>
    <h2>What is in the files</h2>
    ${pieces.slice(0, shownPieces).map(pieceBlock)}
    ${more > 0 && markup`<p class="soft">${more} more pieces are left out here.</p>`}
  </section> `
}

function pieceBlock({ title, place, certificate, words }: Piece): Markup {
  const list =
    words &&
    markup`<ul>
      ${words.slice(0, maxShownLines).map((word) => markup`<li>${word}</li>`)}
    </ul>`
  return markup`<h3>${title}</h3>
    <p class="soft">${formatPlace(place)}</p>
    ${certificate ? certificateTable(certificate) : list} `
}

function certificateTable(facts: CertificateFacts): Markup {
  const rows: [string, string][] = [
    ['Subject', facts.subject || '(empty)'],
    ['Issuer', facts.issuer],
    ['Names', listedNames(facts.names).join(', ') || 'none'],
    ['Valid', `${facts.notBefore} to ${facts.notAfter}`],
    ['Key', formatKey(facts.publicKey)],
    ['Signature', facts.signatureAlgorithm],
    ['Serial', facts.serialHex],
    ['SHA-256', facts.fingerprintSha256],
    ['Public key SHA-256', facts.publicKey.spkiSha256],
  ]
  const extensions = facts.extensions.map(
    ({ name, critical, words }) =>
      markup`<tr>
        <th scope="row">${name}${critical && ' (critical)'}</th>
        <td class="mono">${words.slice(0, maxShownLines).map((word) => markup`${word}<br />`)}</td>
      </tr> `,
  )
  return markup`<table>
    <tbody>
      ${rows.map(
        ([title, value]) =>
          markup`<tr>
            <th scope="row">${title}</th>
            <td class="mono">${value}</td>
          </tr> `,
      )}${extensions}
    </tbody>
  </table>`
}

export function problemsSection({ problems }: IntakeReport): Markup | null {
  if (problems.length === 0) return null
  return markup`<section>
    <h2>What could not be read</h2>
    <ul>
      ${problems.map(({ message }) => markup`<li>${message}</li>`)}
    </ul>
  </section> `
}
