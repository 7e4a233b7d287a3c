import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestEdge } from './edge.ts'

export interface CurlAnswer {
  status: number
  /** Names in lower case; repeated fields are joined with a line break. */
  headers: Record<string, string>
  body: string
}

/** curl itself, against a test edge, with real validation of its certificate. */
export function curlOf(edge: Pick<TestEdge, 'authority' | 'https' | 'http'>) {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-curl-'))
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, edge.authority.certificatePem)

  /** `url` begins with `https://` or `http://` and has no port. */
  async function curl(url: string, ...args: string[]): Promise<CurlAnswer> {
    const [, scheme, host, rest = '/'] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(url)!
    const port = scheme === 'https' ? edge.https : edge.http
    const line = ['-sS', '-i', '--http1.1', '--cacert', authority, '--path-as-is', '--max-time', '20']
    line.push('--resolve', `${host}:${port}:127.0.0.1`, ...args, `${scheme}://${host}:${port}${rest}`)
    const { stdout } = await promisify(execFile)('curl', line, { encoding: 'latin1' })
    return readAnswer(stdout)
  }
  return { curl, remove: () => rmSync(folder, { recursive: true }) }
}

/** Reads the last head and its body; curl shows interim responses too. */
function readAnswer(text: string): CurlAnswer {
  let rest = text
  let head = ''
  do {
    const end = rest.indexOf('\r\n\r\n')
    head = rest.slice(0, end)
    rest = rest.slice(end + 4)
  } while (/^HTTP\/[\d.]+ 1\d\d/.test(head))
  const [first = '', ...lines] = head.split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}\n${value}` : value
  }
  return { status: Number(first.split(' ')[1]), headers, body: rest }
}
