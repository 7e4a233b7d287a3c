import { answerTitles } from '../../contract/inspect/certificate-facts.ts'
import type { LintedCertificate } from '../../contract/inspect/lint.ts'
import { formatSource } from '../../contract/inspect/preflight.ts'
import type { SiteReport } from './inspection-report.ts'
import { markup, type Markup } from './markup.ts'

/** The four answers, the preflight and the timeline. */
export function siteSection({ title, verification, preflight, timeline }: SiteReport): Markup {
  const answers = answerTitles.flatMap(([key, name]) => {
    const answer = verification.answers[key]
    return answer ? [row(name, answer.ok, ['yes', 'no'], answer.reason)] : []
  })
  const clients = timeline.clients.map(({ name, validNow, sentence }) =>
    row(name, validNow, ['valid now', 'not valid'], sentence),
  )
  const { sentence, reference } = timeline.renewal
  return markup`<section>
    <h2>${title}</h2>
    <table>
      <tbody>
        ${answers}
      </tbody>
    </table>
    <h3>Who would accept it</h3>
    <table>
      <tbody>
        ${preflight.map(preflightRow)}
      </tbody>
    </table>
    <h3>Until when</h3>
    <table>
      <tbody>
        ${clients}
      </tbody>
    </table>
    <p>${sentence} <span class="soft">${reference}</span></p>
  </section> `
}

function row(name: string, ok: boolean, [yes, no]: [string, string], reason: string): Markup {
  const verdict = ok ? `✓ ${yes}` : `✗ ${no}`
  return markup`<tr>
    <th scope="row">${name}</th>
    <td class="verdict ${ok ? 'good' : 'bad'}">${verdict}</td>
    <td>${reason}</td>
  </tr> `
}

const verdictLabels = { takes: '✓ takes it', warns: '! with care', refuses: '✗ refuses it' } as const
const verdictClasses = { takes: 'good', warns: 'attention', refuses: 'bad' } as const

function preflightRow({ target, verdict, reasons }: SiteReport['preflight'][number]): Markup {
  const details = reasons.map(
    ({ message, fix, code, source }) =>
      markup`<li>
        ${message} ${fix}${code !== null && markup`<br /><span class="mono">${code}</span>`}<br /><span
          class="soft mono"
          >${source.url} (${formatSource(source)})</span
        >
      </li>`,
  )
  const list =
    details.length > 0 &&
    markup`<ul>
      ${details}
    </ul>`
  return markup`<tr>
    <th scope="row">${target.name}</th>
    <td class="verdict ${verdictClasses[verdict]}">${verdictLabels[verdict]}</td>
    <td>${list}</td>
  </tr> `
}

const severityLabels = { error: '✗ error', warning: '! warning', notice: 'notice' } as const
const severityClasses = { error: 'bad', warning: 'attention', notice: 'soft' } as const

export function lintSection(certificates: LintedCertificate[]): Markup {
  const none = markup`<p class="soft">There is no certificate to judge.</p>`
  return markup`<section>
    <h2>Lint</h2>
    ${certificates.length > 0 ? certificates.map(linted) : none}
  </section> `
}

function linted({ title, role, scopeReason, findings, rules }: LintedCertificate): Markup {
  const rows = findings.map(
    ({ severity, rule, message, advice, reference }) =>
      markup`<tr>
        <td class="verdict ${severityClasses[severity]}">${severityLabels[severity]}</td>
        <td>${message} ${advice}<br /><span class="soft mono">${rule}; ${reference}</span></td>
      </tr> `,
  )
  const table = markup`<table>
    <tbody>
      ${rows}
    </tbody>
  </table>`
  return markup`<h3>${title} <span class="soft">(${role})</span></h3>
    <p class="soft">${scopeReason} ${rules} rules were asked.</p>
    ${rows.length > 0 ? table : markup`<p class="verdict good">✓ no findings</p>`} `
}
