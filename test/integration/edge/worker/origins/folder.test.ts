import { execFile, spawn } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FolderOrigin } from '../../../../../src/contract/domains/origins.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'
import {
  connectPlain,
  exchangeBytes,
  readUntil,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { temporaryFolder } from '../../../../support/engine/engine.ts'
import { residentBytes } from '../../../../support/processes/resident-bytes.ts'

const run = promisify(execFile)

describe('a folder as origin', () => {
  let above: string
  let root: string
  let edge: TestEdge
  const big = Buffer.alloc(24 * 1024 * 1024, 'stream')

  function folderRoute(dotFiles = false, more: Partial<Route> = {}): Route {
    return routeTo(1, { origin: { protocol: 'folder', folder: root, dotFiles }, ...more })
  }
  beforeAll(async () => {
    above = temporaryFolder()
    root = join(above, 'site')
    for (const path of ['docs/deep', '.git', '.well-known', 'empty'])
      mkdirSync(join(root, path), { recursive: true })
    const files: Record<string, string> = {
      'index.html': '<h1>shop</h1>',
      'docs/index.html': 'docs',
      'a b ü.txt': 'spaced',
      'hello.txt': '0123456789',
      '404.html': 'nothing here',
      '.git/config': 'secret',
      '.env': 'secret',
      '.well-known/thing': 'known',
      '../outside.txt': 'secret',
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text)
    writeFileSync(join(root, 'big.bin'), big)
    utimesSync(join(root, 'hello.txt'), new Date('2026-01-02T03:04:05Z'), new Date('2026-01-02T03:04:05Z'))
    symlinkSync(join(above, 'outside.txt'), join(root, 'leak.txt'))
    symlinkSync(above, join(root, 'up'))
    symlinkSync(join(root, '.git'), join(root, 'git'))
    symlinkSync('hello.txt', join(root, 'link.txt'))
    await run('mkfifo', [join(root, 'pipe')])
    mkdirSync(join(above, 'vault'))
    edge = await startTestEdge([folderRoute()], { vaultFolder: join(above, 'vault') })
  })
  afterAll(async () => {
    await edge.close()
    rmSync(above, { recursive: true })
  })

  async function ask(path: string, more = '', method = 'GET'): Promise<string> {
    const head = `${method} ${path} HTTP/1.1\r\nHost: shop.test\r\n${more}Connection: close\r\n\r\n`
    return exchangeBytes(await connectPlain(edge.http), head)
  }
  const fieldOf = (answer: string, name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(answer)?.[1]
  const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4)

  test('serves its files with type, length, date and validators', async () => {
    const answer = await ask('/hello.txt?v=1')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(bodyOf(answer)).toBe('0123456789')
    expect(fieldOf(answer, 'content-type')).toBe('text/plain; charset=utf-8')
    expect(fieldOf(answer, 'content-length')).toBe('10')
    expect(fieldOf(answer, 'last-modified')).toBe('Fri, 02 Jan 2026 03:04:05 GMT')
    expect(fieldOf(answer, 'etag')).toMatch(/^"[0-9a-f]+-[0-9a-f]+"$/)
    expect(fieldOf(answer, 'accept-ranges')).toBe('bytes')
    expect(fieldOf(answer, 'date')).toBeDefined()
    expect(bodyOf(await ask('/a%20b%20%C3%BC.txt'))).toBe('spaced')
    expect(bodyOf(await ask('/link.txt'))).toBe('0123456789')
  })

  test('answers HEAD with the same head and no body, and nothing else but GET', async () => {
    const answer = await ask('/hello.txt', '', 'HEAD')
    expect(fieldOf(answer, 'content-length')).toBe('10')
    expect(bodyOf(answer)).toBe('')
    expect(await ask('/hello.txt', 'Range: bytes=0-0\r\n', 'HEAD')).toMatch(/^HTTP\/1\.1 200 /)
    const refused = await ask('/hello.txt', 'Content-Length: 0\r\n', 'POST')
    expect(refused).toMatch(/^HTTP\/1\.1 405 /)
    expect(fieldOf(refused, 'allow')).toBe('GET, HEAD')
  })

  test('serves the index of a folder, and leads to its slash first', async () => {
    expect(bodyOf(await ask('/'))).toBe('<h1>shop</h1>')
    expect(bodyOf(await ask('/docs/'))).toBe('docs')
    const answer = await ask('/docs?x=1')
    expect(answer).toMatch(/^HTTP\/1\.1 301 /)
    expect(fieldOf(answer, 'location')).toBe('/docs/?x=1')
    // Two slashes would lead to another host.
    expect(fieldOf(await ask('//docs'), 'location')).toBe('/docs/')
    expect(await ask('/empty/')).toMatch(/^HTTP\/1\.1 404 /)
  })

  test('has a page of its own for missing files', async () => {
    const answer = await ask('/gone')
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found/)
    expect(bodyOf(answer)).toBe('nothing here')
  })

  test.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/docs/..%2f..%2foutside.txt',
    '/docs/../../outside.txt',
    '/..%5coutside.txt',
    '/leak.txt',
    '/up/outside.txt',
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/git/config',
    '/docs/%00',
    '/%ff',
    '/pipe',
    '/hello.txt/',
    '/hello.txt/x',
    `/${'x'.repeat(5_000)}`,
  ])('never serves %s', async (path) => {
    const answer = await ask(path)
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect(answer).not.toContain('secret')
  })

  test('serves .well-known, and other names with a dot where that is wanted', async () => {
    expect(bodyOf(await ask('/.well-known/thing'))).toBe('known')
    edge.apply({ routes: [folderRoute(true)] })
    expect(bodyOf(await ask('/.env'))).toBe('secret')
    expect(await ask('/leak.txt')).toMatch(/^HTTP\/1\.1 404 /)
    edge.apply({ routes: [folderRoute()] })
  })

  test('answers conditional requests', async () => {
    const etag = fieldOf(await ask('/hello.txt'), 'etag')!
    const fresh = await ask('/hello.txt', `If-None-Match: "x", ${etag}\r\n`)
    expect(fresh).toMatch(/^HTTP\/1\.1 304 /)
    expect(bodyOf(fresh)).toBe('')
    expect(await ask('/hello.txt', `If-None-Match: W/${etag}\r\n`)).toMatch(/^HTTP\/1\.1 304 /)
    expect(await ask('/hello.txt', 'If-None-Match: "x"\r\n')).toMatch(/^HTTP\/1\.1 200 /)
    const since = 'If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\r\n'
    expect(await ask('/hello.txt', since)).toMatch(/^HTTP\/1\.1 304 /)
    expect(await ask('/hello.txt', `${since}If-None-Match: "x"\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await ask('/hello.txt', 'If-Match: "x"\r\n')).toMatch(/^HTTP\/1\.1 412 /)
    const before = 'If-Unmodified-Since: Thu, 01 Jan 2026 00:00:00 GMT\r\n'
    expect(await ask('/hello.txt', before)).toMatch(/^HTTP\/1\.1 412 /)
  })

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=50-60, 1-1', '1', 'bytes 1-1/10'],
  ])('gives the range %s', async (range, body, contentRange) => {
    const answer = await ask('/hello.txt', `Range: ${range}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 206 Partial Content/)
    expect(bodyOf(answer)).toBe(body)
    expect(fieldOf(answer, 'content-range')).toBe(contentRange)
    expect(fieldOf(answer, 'content-length')).toBe(String(body.length))
  })

  test('gives several ranges as parts, and the whole where a range makes no sense', async () => {
    const answer = await ask('/hello.txt', 'Range: bytes=0-1,5-6\r\n')
    const boundary = /multipart\/byteranges; boundary=(\w+)/.exec(answer)![1]!
    expect(Number(fieldOf(answer, 'content-length'))).toBe(bodyOf(answer).length)
    const type = 'content-type: text/plain; charset=utf-8'
    expect(bodyOf(answer)).toBe(
      `--${boundary}\r\n${type}\r\ncontent-range: bytes 0-1/10\r\n\r\n01\r\n` +
        `--${boundary}\r\n${type}\r\ncontent-range: bytes 5-6/10\r\n\r\n56\r\n--${boundary}--\r\n`,
    )
    for (const range of [
      'bytes=5-2',
      'lines=1-2',
      'bytes=-',
      'bytes=0-9,0-9',
      `bytes=${'0-0,'.repeat(30)}0-0`,
    ]) {
      expect(await ask('/hello.txt', `Range: ${range}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    }
    const behind = await ask('/hello.txt', 'Range: bytes=10-\r\n')
    expect(behind).toMatch(/^HTTP\/1\.1 416 /)
    expect(fieldOf(behind, 'content-range')).toBe('bytes */10')
  })

  test('heeds If-Range', async () => {
    const etag = fieldOf(await ask('/hello.txt'), 'etag')!
    const asked = async (value: string) =>
      (await ask('/hello.txt', `Range: bytes=0-0\r\nIf-Range: ${value}\r\n`)).slice(9, 12)
    expect(await asked(etag)).toBe('206')
    expect(await asked(`W/${etag}`)).toBe('200')
    expect(await asked('Fri, 02 Jan 2026 03:04:05 GMT')).toBe('206')
    expect(await asked('Fri, 02 Jan 2026 03:04:06 GMT')).toBe('200')
  })

  test('streams a large file whole over HTTP/2 and TLS, and with flat memory to who does not read', async () => {
    const session = connect(`https://shop.test:${edge.https}`, {
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: edge.https,
          servername: 'shop.test',
          ca: edge.authority.certificatePem,
          ALPNProtocols: ['h2'],
        }),
    })
    const stream = session.request({ ':path': '/big.bin' })
    const hash = createHash('sha256')
    stream.on('data', (piece: Buffer) => hash.update(piece))
    await once(stream, 'end')
    session.destroy()
    expect(hash.digest('hex')).toBe(createHash('sha256').update(big).digest('hex'))
    const slow = await connectPlain(edge.http)
    slow.write('GET /big.bin HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await readUntil(slow, '200 OK')
    slow.pause()
    const before = residentBytes()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(residentBytes() - before).toBeLessThan(16 * 1024 * 1024)
    slow.destroy()
  })

  test('truncates visibly when a file shrinks while it is sent', async () => {
    writeFileSync(join(root, 'log.bin'), big)
    const socket = await connectPlain(edge.http)
    socket.write('GET /log.bin HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    let received = 0
    await readUntil(socket, '200 OK')
    socket.pause()
    truncateSync(join(root, 'log.bin'), 10)
    socket.on('data', (piece: Buffer) => (received += piece.length))
    socket.resume()
    await once(socket, 'close')
    expect(received).toBeLessThan(big.length)
  })

  test('reports a missing folder', async () => {
    const gone = { protocol: 'folder', folder: join(above, 'gone'), dotFiles: false } as const
    edge.apply({ routes: [folderRoute(false, { origin: gone })] })
    const answer = await ask('/')
    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*folder that shop\.test is served from cannot be read/)
    expect(answer).not.toContain(above)
    edge.apply({ routes: [folderRoute()] })
  })

  describe('that a link takes the place of', () => {
    const person = () => join(above, 'person')
    const project = () => join(above, 'project')
    const link = (target: string, path: string) => {
      rmSync(path, { recursive: true, force: true })
      symlinkSync(target, path)
    }
    const originIn = (folder: string, boundary = project()) =>
      ({ protocol: 'folder', folder: join(project(), folder), dotFiles: false, boundary }) as const
    const serve = (origin: FolderOrigin) => edge.apply({ routes: [folderRoute(false, { origin })] })
    const status = async (path: string) => Number((await ask(path)).split(' ')[1])

    beforeEach(() => {
      rmSync(project(), { recursive: true, force: true })
      for (const folder of ['person', 'project/dist', 'project/build/out', 'project/.git', 'project/.next'])
        mkdirSync(join(above, folder), { recursive: true })
      writeFileSync(join(above, 'person/id.txt'), 'secret')
      for (const path of ['dist', 'build/out', '.git', '.next'])
        writeFileSync(join(project(), path, 'id.txt'), 'own')
    })
    afterAll(() => edge.apply({ routes: [folderRoute()] }))

    test('is refused with 403 from the next request on, and served again once it is back', async () => {
      serve(originIn('dist'))
      expect(await status('/id.txt')).toBe(200)
      link(person(), join(project(), 'dist'))
      const answer = await ask('/id.txt')
      expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*choose the folder again/)
      expect(answer).not.toContain(above)
      expect([await status('/'), await status('/none')]).toEqual([403, 403])
      // Inside of the boundary, as a build leaves it.
      link('build/out', join(project(), 'dist'))
      expect(bodyOf(await ask('/id.txt'))).toBe('own')
    })

    test('is refused too where the folder above it was replaced, and for a route below a path', async () => {
      const origin = originIn('build/out', join(project(), 'build/out'))
      mkdirSync(join(person(), 'out'), { recursive: true })
      writeFileSync(join(person(), 'out/id.txt'), 'secret')
      serve(origin)
      expect(await status('/id.txt')).toBe(200)
      link(person(), join(project(), 'build'))
      expect(await status('/id.txt')).toBe(403)
      const routes = [{ path: '/help', origin, stripPath: true }]
      const policies = { ...defaultPolicies, origins: { backups: [], routes } }
      edge.apply({ routes: [folderRoute(false, { policies })] })
      expect([await status('/help/id.txt'), await status('/hello.txt')]).toEqual([403, 200])
    })

    test('shows no hidden folder of the project, unless that was chosen', async () => {
      serve(originIn('.next'))
      expect(await status('/id.txt')).toBe(200)
      link('.git', join(project(), '.next'))
      expect(await status('/id.txt')).toBe(403)
    })

    test('is held to its own path where no boundary was recorded', async () => {
      const { boundary: _, ...origin } = originIn('dist')
      serve(origin)
      expect(await status('/id.txt')).toBe(200)
      link('build/out', join(project(), 'dist'))
      expect(await status('/id.txt')).toBe(403)
    })

    test('gives nothing away while it is swapped during the requests', async () => {
      serve(originIn('dist'))
      const [dist, other, away] = ['dist', 'link', 'away'].map((name) => join(project(), name)) as [
        string,
        string,
        string,
      ]
      symlinkSync(person(), other)
      // Two renames each: the folder and the link take turns.
      const script = `const { renameSync: move } = require('node:fs')
        const [a, b, c] = ${JSON.stringify([dist, other, away])}
        for (;;) { move(a, c); move(b, a); move(a, b); move(c, a) }`
      const swapper = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
      try {
        const seen = new Map<string, number>()
        for (let round = 0; round < 150; round += 1)
          for (const answer of await Promise.all(Array.from({ length: 8 }, () => ask('/id.txt')))) {
            const what = `${answer.split(' ')[1]} ${answer.includes('secret') ? 'secret' : ''}`.trim()
            seen.set(what, (seen.get(what) ?? 0) + 1)
          }
        expect([...seen.keys()].filter((what) => !/^(?:200|403|404|502)$/.test(what))).toEqual([])
        expect([seen.has('200'), seen.has('403')]).toEqual([true, true])
      } finally {
        swapper.kill('SIGKILL')
        await once(swapper, 'close')
      }
    }, 60_000)
  })

  test('can lie below a path, whose name leads to its slash too', async () => {
    const origin = { protocol: 'folder', folder: join(root, 'docs'), dotFiles: false } as const
    const policies = {
      ...defaultPolicies,
      origins: { backups: [], routes: [{ path: '/help', origin, stripPath: true }] },
    }
    edge.apply({ routes: [folderRoute(false, { policies })] })
    expect(fieldOf(await ask('/help'), 'location')).toBe('/help/')
    expect(bodyOf(await ask('/help/'))).toBe('docs')
    expect(fieldOf(await ask('/help/deep'), 'location')).toBe('/help/deep/')
    expect(bodyOf(await ask('/hello.txt'))).toBe('0123456789')
    edge.apply({ routes: [folderRoute()] })
  })

  test('is read by curl in ranges', async () => {
    const url = `https://shop.test:${edge.https}/hello.txt`
    const name = ['--resolve', `shop.test:${edge.https}:127.0.0.1`, '-k', '-s']
    const { stdout } = await run('curl', [...name, '-r', '3-5', url])
    expect(stdout).toBe('345')
  })
})
