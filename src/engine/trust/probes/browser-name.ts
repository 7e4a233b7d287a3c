import type { IncomingHttpHeaders } from 'node:http'

export interface BrowserName {
  /** Prefix of client names: `Chromium`, `Google Chrome`, `Firefox`; "A browser" for unknown ones. */
  family: string
  /** Example: `Chromium 156`. */
  full: string
}

/** User agent tokens before a version, with their brand; more specific ones first. */
const families: [word: string, family: string][] = [
  ['Brave', 'Brave'],
  ['Microsoft Edge', 'Microsoft Edge'],
  ['Edg', 'Microsoft Edge'],
  ['Opera', 'Opera'],
  ['OPR', 'Opera'],
  ['Vivaldi', 'Vivaldi'],
  ['Google Chrome', 'Google Chrome'],
  ['Chromium', 'Chromium'],
  ['HeadlessChrome', 'Chromium'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Google Chrome'],
  ['Version', 'Safari'],
]
const unknown: BrowserName = { family: 'A browser', full: 'A browser' }

/**
 * Browser by its brands (`Sec-CH-UA` of User-Agent Client Hints, which names Brave and Chromium correctly),
 * else by `User-Agent`. The result has only names of the list above and a number, whatever was sent.
 */
export function browserName(headers: IncomingHttpHeaders): BrowserName {
  const brands = headers['sec-ch-ua']
  return (
    named(typeof brands === 'string' ? brands : '', '";v="') ??
    named(headers['user-agent'] ?? '', '/') ??
    unknown
  )
}

function named(text: string, between: string): BrowserName | undefined {
  for (const [word, family] of families) {
    const start = text.indexOf(word + between)
    if (start < 0) continue
    const version = /^\d{1,4}/.exec(text.slice(start + word.length + between.length))?.[0]
    return { family, full: version === undefined ? family : `${family} ${version}` }
  }
  return undefined
}
