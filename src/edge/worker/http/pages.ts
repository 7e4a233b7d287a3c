import { STATUS_CODES } from './response.ts'

/** Response of the edge's own. `sentence` is for the person at the browser and names no internal address. */
export interface Problem {
  status: number
  sentence: string
  headers?: string[]
  /** Addresses below the sentence. */
  links?: readonly string[]
  /** A person's browser loads the page again, and a program may, after this time. */
  retrySeconds?: number
}

export interface Page {
  status: number
  reason: string
  /** Alternating names and values, Content-Length among them. */
  headers: string[]
  body: Buffer
}

/** Renders `problem` as HTML, or as text if the client accepts text and not HTML. */
export function problemPage(problem: Problem, accept: string): Page {
  const { status, sentence, headers = [], retrySeconds, links = [] } = problem
  const reason = STATUS_CODES[status] ?? 'Error'
  const asText = prefersText(accept)
  const body = Buffer.from(
    asText ? `${[`${status} ${reason}`, sentence, ...links].join('\n')}\n` : html(problem, reason),
  )
  return {
    status,
    reason,
    body,
    headers: [
      ...headers,
      ...(retrySeconds === undefined ? [] : ['retry-after', String(retrySeconds)]),
      'content-type',
      asText ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
      'content-length',
      String(body.length),
      'date',
      new Date().toUTCString(),
      'x-content-type-options',
      'nosniff',
    ],
  }
}

/** Its body is for clients that do not follow it. */
export function redirectPage(status: number, location: string, accept: string): Page {
  // A redirect is a setting that can change in the next minute, so not even a 301 may be cached.
  const headers = ['location', location, 'cache-control', 'no-cache']
  return problemPage({ status, sentence: `This page is at ${location}`, headers }, accept)
}

function prefersText(accept: string): boolean {
  const lower = accept.toLowerCase()
  return lower.includes('text/plain') && !lower.includes('text/html')
}

function html({ status, sentence, retrySeconds, links = [] }: Problem, reason: string): string {
  const items = links.map(escapeHtml).map((link) => `<li><a href="${link}">${link}</a></li>`)
  const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : ''
  // An element and no script, because the domain's policies may forbid scripts.
  const again = retrySeconds === undefined ? '' : `<meta http-equiv="refresh" content="${retrySeconds}">`
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${again}<title>${status} ${reason}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em;color-scheme:light dark}</style></head>
<body><h1>${status} ${reason}</h1><p>${escapeHtml(sentence)}</p>${list}<p><small>Edgekeep</small></p></body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

export const faultProblem: Problem = {
  status: 502,
  sentence: 'Edgekeep failed while it passed this request on. What happened is in its log.',
}
