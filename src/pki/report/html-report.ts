import { createHash } from 'node:crypto'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bothNames } from '../../contract/text/readable-name.ts'
import { factsSection, problemsSection } from './html-facts.ts'
import { lintSection, siteSection } from './html-verdicts.ts'
import type { InspectionReport } from './inspection-report.ts'
import { markup, type Markup } from './markup.ts'

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

/** Stylesheet of the report for screen, light and dark, and paper. */
const reportStyle = `
:root { color-scheme: light dark; --text: #1c2024; --soft: #5b6470; --line: #dfe3e8; --page: #ffffff; --panel: #f6f8fa;
  --good: #18794e; --bad: #b42318; --attention: #8a5300; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --soft: #a0a8b3; --line: #30363d; --page: #101418;
  --panel: #181d23; --good: #4cc38a; --bad: #ff8a80; --attention: #f5b94d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; } p { margin: .4rem 0; }
.soft { color: var(--soft); } .mono { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }
.headline { border-left: .3rem solid var(--line); background: var(--panel); padding: .9rem 1.1rem; margin: 1.25rem 0;
  border-radius: .25rem; }
.headline.good { border-color: var(--good); } .headline.bad { border-color: var(--bad); }
.headline.attention { border-color: var(--attention); } .headline strong { font-size: 1.1rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; vertical-align: top;
  padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; min-width: 9rem; }
.verdict { white-space: nowrap; font-weight: 600; } .verdict.good { color: var(--good); }
.verdict.bad { color: var(--bad); } .verdict.attention { color: var(--attention); }
ul { margin: 0; padding-left: 1.2rem; } footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media print { :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --page: #fff; --panel: #fff; }
  main { max-width: none; padding: 0; } h2 { break-after: avoid; } tr, .headline { break-inside: avoid; } }
`
