import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * Threat: any program of this computer, and any page of a browser, can connect to it. It answers under a name that
 * nobody but the person knows, takes one word back, and is gone with the proof. What a page cannot do is wave away
 * what its browser says of a certificate: a request that a page makes has no way past it.
 */

export interface ProofPage {
  /** What the person opens in the browser that is to be tried. */
  address: string
  /** Settled once the page said that its browser refused. */
  refused: Promise<void>
  close(): void
}

/** A page on the loopback that asks for `target` from inside whatever browser opens it. */
export async function openProofPage(target: string): Promise<ProofPage> {
  const name = `${randomBytes(16).toString('hex')}.localhost`
  const { promise: refused, resolve } = Promise.withResolvers<void>()
  let host = ''
  const server = createServer((request, response) => {
    if (request.headers.host !== host) return end(response, 403)
    if (request.method === 'GET' && request.url === '/') return givePage(response, target)
    if (!isWordOfPage(request, `http://${host}`)) return end(response, 404)
    resolve()
    end(response, 204)
  })
  server.maxConnections = 32
  server.headersTimeout = server.requestTimeout = 10_000
  await new Promise<void>((done, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', done)
  })
  host = `${name}:${(server.address() as AddressInfo).port}`
  return {
    address: `http://${host}/`,
    refused,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function isWordOfPage({ method, url, headers }: IncomingMessage, origin: string): boolean {
  return method === 'POST' && url === '/refused' && headers.origin === origin
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0, connection: 'close' }).end()
}

function givePage(response: ServerResponse, target: string): void {
  const nonce = randomBytes(16).toString('base64')
  const text = pageOf(target, nonce)
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `connect-src 'self' ${new URL(target).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    .end(text)
}

function pageOf(target: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Edgekeep: does this browser trust the local authority?</title>
<style nonce="${nonce}">
:root { color-scheme: light dark }
body { margin: 15vh auto 0; max-width: 34rem; padding: 0 1.5rem; font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.35rem }
</style>
<main aria-live="polite">
<h1>Asking the edge …</h1>
<p></p>
</main>
<script nonce="${nonce}">
const show = (heading, sentence) => {
  document.querySelector('h1').textContent = heading
  document.querySelector('p').textContent = sentence
}
fetch(${JSON.stringify(target)}, { mode: 'no-cors', cache: 'no-store', credentials: 'omit' }).then(
  () => show('This browser trusts the local authority.', 'It finished a handshake with the edge, without a warning. You can close this page.'),
  () => {
    show('This browser refused the edge.', 'It does not trust the local authority yet, or has not read it since it was installed: close the browser, open it again and reload what shows this address. A proxy or an extension can also be in the way.')
    return fetch('/refused', { method: 'POST' })
  },
)
</script>
</html>
`
}
