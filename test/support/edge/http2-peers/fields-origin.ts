import type { IncomingMessage, ServerResponse } from 'node:http'
import { startOrigin, type TestOrigin } from '../origin.ts'

/**
 * Origin for the clients of this folder: `/fields` answers 500 with the difference unless the fields of a
 * numbered case have come through, `/upload` the size of a body, `/download` 5,000,000 bytes, and `/page` a
 * page that does all of it and has the results as its title.
 */
export function startFieldsOrigin(): Promise<TestOrigin> {
  return startOrigin((request, response) => {
    if (request.url === '/upload') answerSize(request, response)
    else if (request.url === '/download') response.end(Buffer.alloc(5_000_000))
    else if (request.url === '/page') response.setHeader('content-type', 'text/html').end(page)
    else answerFields(request, response)
  })
}

/** Fields of a case: values that repeat, values that do not, and names that change. */
export function caseFields(number: number): Record<string, string> {
  return {
    'x-case': String(number),
    'x-same': 'the same each time',
    'x-turn': `value ${number % 3}`,
    'x-long': 'z'.repeat(((number * 37) % 900) + 1),
    [`x-name-${number % 7}`]: '"{}~^|;=,\'',
    cookie: `a=${number}; b=2`,
  }
}

const page = `<!doctype html><script type="module">
  const upload = async (body) => (await fetch('/upload', { method: 'POST', body })).text()
  const sizes = Array.from({ length: 120 }, (_, number) => number * 100)
  const uploads = await Promise.all(sizes.map((size) => upload('u'.repeat(size))))
  const large = await upload(new Uint8Array(3000000))
  const download = (await (await fetch('/download')).arrayBuffer()).byteLength
  const protocols = new Set(performance.getEntriesByType('resource').map((one) => one.nextHopProtocol))
  document.title = [uploads.every((text, at) => text === String(sizes[at])), large, download, ...protocols]
</script>`

function answerFields({ headers }: IncomingMessage, response: ServerResponse): void {
  const number = Number(headers['x-case'])
  const wrong = Object.entries(caseFields(number)).filter(([name, value]) => headers[name] !== value)
  response.writeHead(wrong.length === 0 ? 200 : 500, {
    'x-case': number,
    'x-turn': `answer ${number % 3}`,
    'x-long': 'y'.repeat(((number * 53) % 700) + 1),
    'set-cookie': [`a=${number}`, 'b=2'],
  })
  response.end(JSON.stringify(wrong))
}

function answerSize(request: IncomingMessage, response: ServerResponse): void {
  let size = 0
  request.on('data', (piece: Buffer) => (size += piece.length))
  request.on('end', () => response.end(String(size)))
}
