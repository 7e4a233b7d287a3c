import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { edgekeep, homeWithKeyFile, launcher } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

interface Response {
  status: number
  type: string | undefined
  body: Buffer
}

function get(
  address: string,
  options: { ca?: string; host?: string; agent?: string } = {},
): Promise<Response> {
  const { ca, host, agent } = options
  const request = address.startsWith('https:') ? httpsRequest : httpRequest
  const headers = { 'user-agent': agent ?? 'iPhone', ...(host === undefined ? {} : { host }) }
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const made = request(
    address,
    { headers, agent: false, ...(ca === undefined ? {} : { ca }) },
    (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          body: Buffer.concat(parts),
        }),
      )
    },
  )
  made.on('error', reject)
  made.end()
  return promise
}

/** Runs the command, with its events as they are printed. */
async function startPage(home: string) {
  const args = ['--home', home, 'trust', 'device', '--address', '127.0.0.1', '--json']
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const event = async () => JSON.parse((await lines.next()).value as string) as Record<string, string>
  const end = async () => {
    child.kill('SIGINT')
    const [status] = (await once(child, 'close')) as [number | null]
    return { status, out }
  }
  return { event, end }
}

test('a device gets the root and nothing else from the page, and is seen to trust it', async () => {
  const home = await homeWithKeyFile(temporaryFolder())
  const none = await edgekeep(home, ['trust', 'device', '--address', '127.0.0.1', '--json'])
  expect(none.json().error?.code).toBe('authority.none')
  const public_ = await edgekeep(home, ['trust', 'device', '--address', '203.0.113.9', '--json'])
  expect(public_.json().error?.code).toBe('lan.address_unusable')

  await edgekeep(home, ['https', 'on', 'shop.test', '--free'])
  const root = (await edgekeep(home, ['authority', 'export'])).out
  const { event, end } = await startPage(home)
  const { address = '', fingerprint = '' } = await event()
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/)

  const page = await get(address)
  const html = page.body.toString()
  expect(html).toContain(fingerprint)
  const probe = /fetch\("(https:[^"]+)"/.exec(html)?.[1] ?? ''
  const file = await get(`${address}/edgekeep-root.cer`)
  expect(file.type).toBe('application/x-x509-ca-cert')
  expect(new X509Certificate(file.body).raw).toEqual(file.body)
  expect(new X509Certificate(file.body).fingerprint256).toBe(fingerprint)
  expect(await event()).toMatchObject({ system: 'iOS', state: 'downloaded' })
  expect(await get(`${address}/edgekeep.mobileconfig`)).toMatchObject({
    type: 'application/x-apple-aspen-config',
  })

  await expect(get(probe)).rejects.toThrow(/certificate/)
  expect(await event()).toMatchObject({
    state: 'refused',
    sentence: expect.stringContaining('Certificate Trust Settings') as string,
  })
  expect(await get(probe, { ca: root })).toMatchObject({ status: 204 })
  expect(await event()).toMatchObject({ state: 'trusted' })
  const verdict = await get(`${address}/verdict`)
  expect(JSON.parse(verdict.body.toString())).toMatchObject({ state: 'trusted' })

  const { origin } = new URL(address)
  for (const wrong of [`${origin}/`, `${origin}/favicon.ico`, `${address}/../status`, `${address}/key`])
    expect(await get(wrong)).toMatchObject({ status: 404, body: Buffer.alloc(0) })
  expect(await get(address, { host: 'evil.test' })).toMatchObject({ status: 404 })

  const { status, out } = await end()
  expect(JSON.parse(out)).toMatchObject({ ok: true, trusted: 1 })
  expect(status).toBe(0)
  await expect(get(address)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/)
  expect(html + out).not.toContain('PRIVATE KEY')
}, 60_000)
