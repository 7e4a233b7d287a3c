import { request, type IncomingHttpHeaders } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** One request with exactly these headers and this request target, as no browser or `fetch` would send it. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string | string[]> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** Follows a window's address as a browser does; returns the session's cookie and its path. */
export async function signIn(url: string): Promise<{ cookie: string; place: string; answer: Answer }> {
  const { port, pathname, search } = new URL(url)
  const answer = await ask(Number(port), `${pathname}${search}`, { 'Sec-Fetch-Site': 'none' })
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  return { cookie, place: answer.headers.location ?? '', answer }
}
