import { createHash } from 'node:crypto'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bothNames } from '../../contract/text/readable-name.ts'
import { factsSection, problemsSection } from './html-facts.ts'
import { lintSection, siteSection } from './html-verdicts.ts'
import type { InspectionReport } from './inspection-report.ts'
import { markup, type Markup } from './markup.ts'
import { reportStyle } from './report-style.ts'

/** One self-contained file: no script, no external resources, and a CSP that forbids both. */
export function toHtml(report: InspectionReport): string {
  const styleHash = createHash('sha256').update(reportStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${titleOf(report)}</title>
        <style>${{ source: reportStyle }}</style>
      </head>
      <body>
        <main>
          <h1>${titleOf(report)}</h1>
          <p class="soft">${sourceOf(report)}</p>
          ${[report.diagnosis, ...report.others].map(headline)}
          ${report.sites.map((site) => siteSection(site))}
          ${report.sitesOmitted > 0 && markup`<p class="soft">${report.sitesOmitted} more certificates are not judged one by one here.</p>`}
          ${lintSection(report.lint.certificates)} ${factsSection(report.found)}
          ${problemsSection(report.found)}
          <footer>Made by ${report.product.name} ${report.product.version}. It holds no private key.</footer>
        </main>
      </body>
    </html>
`
  return page.source
}

function titleOf({ sites, found }: InspectionReport): string {
  if (sites.length === 1) return `Certificate report: ${sites[0]?.title}`
  return `Certificate report: ${sites.length > 0 ? `${sites.length} certificates` : `${found.pieces.length} pieces`}`
}

const shownFiles = 12

function sourceOf({ files, at, host }: InspectionReport): string {
  const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : ''
  const names = `${files.slice(0, shownFiles).join(', ')}${more}`
  return `${files.length === 1 ? 'File' : 'Files'}: ${names}. As of ${at}${host ? `, for ${bothNames(host)}` : ''}.`
}

function headline({ severity, sentence, nextStep }: Diagnosis): Markup {
  return markup`<div class="headline ${severity}">
    <strong>${sentence}</strong>${nextStep !== '' && markup`<p>${nextStep}</p>`}
  </div> `
}
