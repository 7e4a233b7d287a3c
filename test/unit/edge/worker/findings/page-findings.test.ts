import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RefusalFindings } from '../../../../../src/edge/worker/findings/dev-server.ts'
import type { Found } from '../../../../../src/edge/worker/findings/found.ts'
import { TagReader, type Tag } from '../../../../../src/edge/worker/findings/html-tags.ts'
import { PageFindings } from '../../../../../src/edge/worker/findings/page-findings.ts'

function pageFindings(html: string, policies: string[], hostname = 'shop.test'): Found[] {
  const reader = new PageFindings(policies, hostname)
  reader.write(html)
  return reader.found()
}

const upgrade = ['default-src https:; upgrade-insecure-requests']
const mixed = (html: string, policies = ['']) =>
  pageFindings(html, policies)
    .filter(({ kind }) => kind.startsWith('mixed.'))
    .map(({ kind, example }) => `${kind} ${example}`)

describe('an address of this computer or its network', () => {
  const local = (html: string) =>
    pageFindings(html, []).flatMap(({ kind, example }) => (kind === 'page.local-address' ? [example] : []))

  test.each([
    ['<script src="http://localhost:3000/x.js"></script>', 'http://localhost:3000/x.js'],
    ['<img src="https://192.168.1.10/x.png?key=1">', 'https://192.168.1.10/x.png'],
    ['<iframe src="http://[::1]:8080/">', 'http://[::1]:8080/'],
    ['<form action="http://10.0.0.1/login">', 'http://10.0.0.1/login'],
    ['<link rel="stylesheet" href="https://172.16.0.1/x.css">', 'https://172.16.0.1/x.css'],
    ['<object data="http://0x7f000001/">', 'http://0x7f000001/'],
  ])('is found in %s', (html, address) => {
    expect(local(html)).toEqual([address])
  })

  test.each([
    '<script src="/x.js"></script>',
    '<img src="https://10.example.com/x.png">',
    '<img src="https://172.32.0.1/x.png">',
    '<a href="http://localhost:3000/">',
    '<img src="https://shop.test/?to=http://localhost/">',
  ])('is none in %s', (html) => {
    expect(local(html)).toEqual([])
  })
})

describe('a page that leaves TLS for its own host', () => {
  const own = (html: string, hostname: string) =>
    pageFindings(html, [], hostname)
      .filter(({ kind }) => kind.startsWith('mixed.'))
      .map(({ kind, example }) => `${kind} ${example}`)

  test.each(['shop.test', 'app.localhost'])('has a finding for a form or a websocket on %s', (host) => {
    expect(own(`<form action="http://${host}/login">`, host)).toEqual([`mixed.form http://${host}/login`])
    expect(own(`<script>new WebSocket("ws://${host}/live?t=secret")</script>`, host)).toEqual([
      `mixed.websocket ws://${host}/live`,
    ])
    expect(own('<script>x = `ws://${location.host}/live`</script>', host)).toEqual([
      `mixed.websocket ws://${host}`,
    ])
    expect(own("<script>x = 'ws://' + window.location.host</script>", host)).toHaveLength(1)
  })

  test.each([
    '<form action="http://localhost:3000/">',
    '<script>new WebSocket("ws://localhost:5173/")</script>',
    '<script>new WebSocket("wss://shop.test/")</script>',
    "<script>(location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host</script>",
    '<p>"ws://shop.test/"</p>',
    '<script src="/app.js"></script>',
  ])('has no finding for %s', (html) => {
    expect(own(html, 'shop.test')).toEqual([])
  })
})

describe('a resource loaded over HTTP', () => {
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
    expect(mixed(html)).toEqual([])
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
  ])('%s shows the generator of the page', (html, kind) => {
    expect(pageFindings(html, [])).toEqual([{ kind, example: '' }])
  })
})

test.each([
  // Messages of Vite 8, webpack-dev-server 5, Angular 20, Rails 8 and Django 5.
  [
    403,
    'Blocked request. This host ("shop.test") is not allowed.\nTo allow this host, add "shop.test" to `server.allowedHosts` in vite.config.js.',
    ['dev-server.vite'],
  ],
  [
    403,
    '<!doctype html><h1>Blocked request. This host ("shop.test") is not allowed.</h1><p>To allow this host, add it to <code>allowedHosts</code> under the <code>serve</code> target in <code>angular.json</code>.</p>',
    ['dev-server.angular'],
  ],
  [
    403,
    'Blocked hosts: shop.test\n\nTo allow requests to these hosts, add the following to your environment configuration:\n\n    config.hosts << "shop.test"',
    ['dev-server.rails'],
  ],
  [
    403,
    `<style>${'a'.repeat(5_000)}</style><h1>Blocked hosts: shop.internal</h1><pre>config.hosts &lt;&lt; "shop.internal"</pre>`,
    ['dev-server.rails'],
  ],
  [
    400,
    `<title>DisallowedHost at /</title><style>${'a'.repeat(9_000)}</style><pre>You may need to add &#x27;shop.test&#x27; to ALLOWED_HOSTS.</pre>`,
    ['dev-server.django'],
  ],
  [
    403,
    `<style>${'a'.repeat(1_000)}</style><pre>Origin checking failed - https://shop.test:8443 does not match any trusted origins.</pre>`,
    ['form.refused-origin'],
  ],
  [403, '<pre>CSRF cookie not set.</pre>', []],
  [403, 'Invalid Host header', ['dev-server.webpack']],
  [200, 'Invalid Host header', []],
  [403, 'Blocked request. This host ("shop.test") is not allowed.', []],
  [403, 'Invalid Host header, says my server', []],
  [403, '', []],
])('%i %s shows which development server refuses the name or the form', (status, text, kinds) => {
  const reader = new RefusalFindings(status)
  for (let at = 0; at < text.length; at += 1_000) reader.write(text.slice(at, at + 1_000))
  expect(reader.found().map(({ kind }) => kind)).toEqual(kinds)
})

function tagsIn(pieces: string[]): Tag[] {
  const tags: Tag[] = []
  const reader = new TagReader((tag) => tags.push(tag))
  for (const piece of pieces) reader.write(piece)
  reader.end()
  return tags
}

test('a page has the same tags however it is cut into pieces', () => {
  const pieces = fc.constantFrom(
    ...['<', '>', '"', "'", '=', '/', '<!--', '-->', '<script', '</script', '<style>', '</style', ' a'],
    ...['<b ', 'x', '&amp;', '&#x', '<img SRC=', '</', '<title>', '<![CDATA[', '<?'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (all) => {
      const whole = tagsIn([all.join('')])
      expect(tagsIn(all)).toEqual(whole)
      expect(tagsIn([...all.join('')])).toEqual(whole)
    }),
    { numRuns: 1_000 },
  )
})

test('names that every object has are names like others', () => {
  for (const name of ['constructor', 'tostring', 'hasownproperty', 'valueof', 'a__proto__']) {
    expect(pageFindings(`<${name} src="http://a.test/x"><p ${name}="http://a.test/x">`, [])).toEqual([])
    const attributes = new Map([
      ['__proto__', '1'],
      [name, '2'],
    ])
    expect(tagsIn([`<${name} __proto__=1 ${name}=2>`])).toEqual([{ name, attributes, text: '' }])
  }
})

test('character references in an address are read as browsers read them', () => {
  expect(mixed('<img src="http&#58;//a.test/x.png&#x3f;y=1&amp;z=2">')).toEqual([
    'mixed.upgraded http://a.test/x.png',
  ])
})

test.each([
  ['0; url=http://a.test/x', 'http://a.test/x'],
  ["5 , URL = 'http://a.test/x'", 'http://a.test/x'],
  ['0;url="http://a.test/x"rest', 'http://a.test/x'],
  [`${' '.repeat(400_000)}0;url=http://a.test/x`, 'http://a.test/x'],
])('a refresh with "%.20s" leads to %s', (content, example) => {
  const html = `<meta http-equiv=refresh content="${content.replaceAll('"', '&quot;')}">`
  expect(pageFindings(html, [])).toEqual([{ kind: 'redirect.to-http', example }])
})

test.each(['0', '0; http', 'x; url=http://a.test/', '0; url http://a.test/', ' '.repeat(400_000)])(
  'a refresh with "%.20s" leads nowhere',
  (content) => {
    expect(pageFindings(`<meta http-equiv=refresh content="${content}">`, [])).toEqual([])
  },
)
