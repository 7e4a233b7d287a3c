import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTags } from '../../../../src/engine/edge/findings/html-tags.ts'
import { devServerByRefusal, pageFindings } from '../../../../src/engine/edge/findings/page-findings.ts'

const upgrade = ['default-src https:; upgrade-insecure-requests']
const mixed = (html: string, policies = ['']) =>
  pageFindings(html, policies)
    .filter(({ kind }) => kind.startsWith('mixed.'))
    .map(({ kind, example }) => `${kind} ${example}`)

describe('what a page loads over HTTP', () => {
  test.each([
    ['<script src="http://a.test/x.js?token=secret#x"></script>', 'mixed.blocked http://a.test/x.js'],
    ['<SCRIPT\nSRC=http://a.test/x.js></SCRIPT>', 'mixed.blocked http://a.test/x.js'],
    ["<iframe src='http://a.test/'>", 'mixed.blocked http://a.test/'],
    ['<link rel="stylesheet" href="http://a.test/x.css">', 'mixed.blocked http://a.test/x.css'],
    ['<object data="http://a.test/x.pdf">', 'mixed.blocked http://a.test/x.pdf'],
    ['<base href="http://a.test/">', 'mixed.blocked http://a.test/'],
    ['<img src="/a.png" srcset="/b.png 1x, http://a.test/c.png 2x">', 'mixed.blocked http://a.test/c.png'],
    ['<style>@import url("http://a.test/x.css");</style>', 'mixed.blocked http://a.test/x.css'],
    ['<style>p { background: url(http://a.test/x.png) }</style>', 'mixed.upgraded http://a.test/x.png'],
    ['<p style="background:url(\'http://a.test/x.png\')">', 'mixed.upgraded http://a.test/x.png'],
    ['<img src=" http://user:word@a.test/x.png">', 'mixed.upgraded http://a.test/x.png'],
    ['<video poster="http://a.test/x.jpg">', 'mixed.upgraded http://a.test/x.jpg'],
    ['<link rel="shortcut icon" href="http://a.test/x.ico">', 'mixed.upgraded http://a.test/x.ico'],
    ['<input type="image" src="http://a.test/x.png">', 'mixed.upgraded http://a.test/x.png'],
    ['<form action="http://a.test/login">', 'mixed.form http://a.test/login'],
    ['<button formaction="http://a.test/login">', 'mixed.form http://a.test/login'],
  ])('%s', (html, found) => {
    expect(mixed(`<!doctype html><title>"<'</title>${html}`)).toEqual([found])
    expect(pageFindings(html, []).map(({ kind }) => kind)).toContain('csp.no-upgrade')
    expect(mixed(html, upgrade)).toEqual([found.replace(/mixed\.(blocked|form)/, 'mixed.upgraded')])
    expect(pageFindings(html, upgrade).map(({ kind }) => kind)).not.toContain('csp.no-upgrade')
  })

  test.each([
    '<a href="http://a.test/">a link is followed, not loaded</a>',
    '<!-- <img src="http://a.test/x.png"> -->',
    '<script>const html = \'<img src="http://a.test/x.png">\'</script>',
    '<textarea><img src="http://a.test/x.png"></textarea>',
    '<img alt="http://a.test/x.png" src="//a.test/x.png">',
    '<script src="http://localhost:3000/x.js"></script><img src="http://127.0.0.1/x.png">',
    '<img src="http://app.localhost/x.png"><img src="http://[::1]:80/x.png">',
    '<link rel="canonical" href="http://a.test/">',
    '<img src="http://a.test/cut',
  ])('is not %s', (html) => {
    expect(pageFindings(html, [])).toEqual([])
  })

  test('a policy in the page itself counts', () => {
    const html =
      '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests"><img src=http://a.test/>'
    expect(pageFindings(html, [])).toEqual([{ kind: 'mixed.upgraded', example: 'http://a.test/' }])
  })

  test('a page that sends on to HTTP is a redirect', () => {
    const html = '<meta http-equiv="refresh" content="0; url=http://a.test/x?y">'
    expect(pageFindings(html, [])).toEqual([{ kind: 'redirect.to-http', example: 'http://a.test/x' }])
  })

  test.each([
    ['<script type="module" src="/@vite/client"></script>', 'dev-server.vite'],
    ['<script src="/node_modules/webpack-dev-server/client/index.js?x"></script>', 'dev-server.webpack'],
    ['<script src="/_next/static/development/_buildManifest.js"></script>', 'dev-server.next'],
    [
      '<script src="/_next/static/chunks/%5Bturbopack%5D_browser_dev_hmr-client_ts_0f._.js"></script>',
      'dev-server.next',
    ],
    ['<script src="/_next/static/webpack/0f.webpack.hot-update.js"></script>', 'dev-server.next'],
    ['<script src="/main.0f.hot-update.js"></script>', 'dev-server.webpack'],
  ])('%s tells who made the page', (html, kind) => {
    expect(pageFindings(html, [])).toEqual([{ kind, example: '' }])
  })
})

test.each([
  // As Vite 8 and webpack-dev-server 5 say it.
  [
    'Blocked request. This host ("shop.test") is not allowed.\nTo allow this host, add "shop.test" to `server.allowedHosts` in vite.config.js.',
    ['dev-server.vite'],
  ],
  ['Invalid Host header', ['dev-server.webpack']],
  ['Blocked request. This host ("shop.test") is not allowed.', []],
  ['Invalid Host header, says my server', []],
  ['', []],
])('%s tells which development server refuses the name', (text, kinds) => {
  expect(devServerByRefusal(text).map(({ kind }) => kind)).toEqual(kinds)
})

test('no text makes reading slow, throw or go on without end', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '=',
    '/',
    '<!--',
    '-->',
    '<script',
    '</script',
    '<style>',
    ' a',
    '<b ',
    'x',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (all) => {
      const html = all.join('')
      expect([...readTags(html)].length).toBeLessThanOrEqual(html.length)
    }),
    { numRuns: 2_000 },
  )
  const started = performance.now()
  for (const piece of [
    '<a b="',
    "<a b='x",
    '<!--',
    '<script>',
    '<a =',
    '<style>@import url(',
    '<p style="url(http:',
    '</',
  ]) {
    pageFindings(piece.repeat(Math.ceil((512 * 1024) / piece.length)), [])
  }
  expect(performance.now() - started).toBeLessThan(5_000)
})
