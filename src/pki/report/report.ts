import { toHtml } from './html-report.ts'
import { inspectionReport, type ReportQuery } from './inspection-report.ts'
import { toSarif } from './sarif.ts'

export type ReportFormat = 'html' | 'json' | 'sarif'

export interface ReportDocument {
  fileName: string
  mediaType: string
  text: string
}

export function makeReport(query: ReportQuery, format: ReportFormat): ReportDocument {
  const report = inspectionReport(query)
  if (format === 'html')
    return {
      fileName: 'certificate-report.html',
      mediaType: 'text/html; charset=utf-8',
      text: toHtml(report),
    }
  if (format === 'json') {
    const text = `${JSON.stringify(report, null, 2)}\n`
    return { fileName: 'certificate-report.json', mediaType: 'application/json', text }
  }
  const text = toSarif(report.lint, report.found, { version: query.version })
  return { fileName: 'certificate-lint.sarif', mediaType: 'application/sarif+json', text }
}
