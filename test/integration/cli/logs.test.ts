import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep, startEdgekeep, type RunningEdgekeep } from '../../support/processes/cli.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { waits } from '../../support/waits.ts'
import { freePort } from '../../support/free-port.ts'

const home = temporaryFolder()
const launcher = join(import.meta.dirname, '../../../bin/edgekeep.mjs')
let running: RunningEdgekeep
let origin: TestOrigin

beforeAll(async () => {
  origin = await startOrigin((_request, response) =>
    response.setHeader('set-cookie', 'a=planted-cookie').end('hi'),
  )
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  running = await startEdgekeep(home, ['--no-ui', ...ports])
  for (const name of ['shop.test', 'blog.test'])
    await edgekeep(home, ['domain', 'add', name, '--origin', `http://127.0.0.1:${origin.port}`])
}, 60_000)
afterAll(async () => {
  await running?.interrupt()
  await origin?.close()
  rmSync(home, { recursive: true, force: true })
})

async function visit(host: string, path: string): Promise<void> {
  const headers = { host, authorization: 'Bearer planted-bearer' }
  const outgoing = request({ host: '127.0.0.1', port: running.httpPort, path, headers, agent: false }).end()
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream]
  response.resume()
  await once(response, 'end')
}

/** Starts `edgekeep logs --follow …` and collects its output. */
function follow(...args: string[]) {
  const child = spawn(process.execPath, [launcher, '--home', home, 'logs', '--follow', ...args])
  const printed = { text: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.text += text))
  const ended = once(child, 'close')
  return {
    printed,
    /** Repeats the request until its path is in the output: the first ones come before the subscription. */
    async until(host: string, path: string) {
      await expect
        .poll(
          async () => {
            await visit(host, path)
            return printed.text
          },
          { timeout: 10_000, interval: 100 },
        )
        .toContain(path.split('?')[0])
    },
    async interrupt() {
      child.kill('SIGINT')
      return ((await ended) as [number])[0]
    },
  }
}

describe('edgekeep logs --follow', () => {
  test('prints a line for each request as it ends, without its secrets, until Ctrl-C', async () => {
    const following = follow()
    await following.until('shop.test', '/first?token=planted-query')
    expect(await following.interrupt()).toBe(0)
    const { text } = following.printed
    expect(text).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ {2}200 {2}GET {2}http:\/\/shop\.test\/first\?token=\*\*\* {2}HTTP\/1\.1 {2}2 B/m,
    )
    expect(text).not.toContain('planted')
  })

  test('prints JSON objects, of one domain where one is named', async () => {
    const following = follow('--domain', 'blog.test', '--json')
    await following.until('blog.test', '/second')
    await visit('shop.test', '/elsewhere')
    await visit('blog.test', '/third')
    await expect.poll(() => following.printed.text).toContain('/third')
    expect(await following.interrupt()).toBe(0)
    const rows = following.printed.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { domain: string; status: number })
    expect(rows.every(({ domain, status }) => domain === 'blog.test' && status === 200)).toBe(true)
  })
})

describe('edgekeep logs', () => {
  test('prints remembered traffic', async () => {
    const { status, json } = await edgekeep(home, ['logs', '--json'])
    expect(status).toBe(0)
    const { rows } = json() as unknown as { rows: { url: string }[] }
    expect(rows.some(({ url }) => url.endsWith('/third'))).toBe(true)
  })

  test('gives what "edgekeep traffic replay" sends again: what came while somebody followed, and nothing else', async () => {
    await visit('blog.test', '/unwatched')
    const rowOf = async (path: string) => {
      const { rows } = (await edgekeep(home, ['logs', '--json'])).json() as unknown as {
        rows: { id: number; url: string }[]
      }
      return rows.filter(({ url }) => url.endsWith(path)).map(({ id }) => String(id))
    }
    const [third = ''] = await rowOf('/third')
    const listed = (await edgekeep(home, ['logs'])).out.split('\n')
    expect(listed.filter((line) => line.endsWith(`#${third}`))).toHaveLength(1)
    expect(listed.find((line) => line.includes('/unwatched'))).not.toMatch(/#\d+$/)
    const again = await edgekeep(home, ['traffic', 'replay', third])
    expect([again.status, again.out]).toEqual([0, expect.stringContaining('It answered 200')])
    await expect.poll(() => rowOf('/third'), waits).toHaveLength(2)
    await expect.poll(() => rowOf('/unwatched'), waits).toHaveLength(1)
    const [unwatched = ''] = await rowOf('/unwatched')
    const refused = await edgekeep(home, ['traffic', 'replay', unwatched, '--json'])
    expect([refused.status, refused.json().error?.code]).toEqual([2, 'traffic.not_replayable'])
  })

  test('says that no edge runs where none does', async () => {
    const empty = temporaryFolder()
    const { status, json } = await edgekeep(empty, ['logs', '--json'])
    expect(status).toBe(3)
    expect(json().error?.code).toBe('edge.not_running')
    rmSync(empty, { recursive: true })
  })
})

describe('edgekeep logs --to-file', () => {
  const file = join(home, 'logs', 'access.log')
  const lines = () =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : []

  test('has every request written, masked, to a file that only its owner reads', async () => {
    expect((await edgekeep(home, ['logs', '--to-file', 'on'])).status).toBe(0)
    expect((await edgekeep(home, ['logs', '--to-file'])).out).toContain(`Requests are written to ${file}`)
    await visit('shop.test', '/written?token=planted-query')
    await expect.poll(lines).toContainEqual(
      expect.objectContaining({
        kind: 'exchange',
        domain: 'shop.test',
        method: 'GET',
        url: 'http://shop.test/written?token=***',
        status: 200,
        responseBytes: 2,
      }),
    )
    expect(readFileSync(file, 'utf8')).not.toContain('planted')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('goes on after a restart of the engine', async () => {
    const { httpsPort, httpPort } = running
    await running.interrupt()
    running = await startEdgekeep(home, [
      ...['--no-ui', '--https-port', String(httpsPort)],
      ...['--http-port', String(httpPort)],
    ])
    await visit('shop.test', '/again')
    await expect.poll(lines).toContainEqual(expect.objectContaining({ url: 'http://shop.test/again' }))
  })

  test('ends, and leaves its output complete', async () => {
    await edgekeep(home, ['logs', '--to-file', 'off'])
    const before = lines().length
    await visit('shop.test', '/unwritten')
    await edgekeep(home, ['logs'])
    expect(lines()).toHaveLength(before)
    const audit = (await edgekeep(home, ['audit', '--json'])).json() as unknown as {
      rows: { action: string }[]
    }
    expect(audit.rows.filter(({ action }) => action === 'traffic.access-log')).toHaveLength(2)
  })

  test('takes on or off', async () => {
    expect((await edgekeep(home, ['logs', '--to-file'])).out).toContain('The access log is off.')
    const { status, json } = await edgekeep(home, ['logs', '--to-file', 'maybe', '--json'])
    expect(status).toBe(2)
    expect(json().error?.code).toBe('usage.wrong')
  })
})
