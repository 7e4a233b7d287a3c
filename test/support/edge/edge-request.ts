import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'

/** Requests `name` from the edge on `port` of this machine; without `ca`, whatever its certificate. */
export function requestOf(port: number, name = 'shop.test', ca?: Buffer) {
  return (
    path: string,
    method = 'GET',
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          ...{ path, method },
          servername: name,
          ...(ca ? { ca } : { rejectUnauthorized: false }),
          agent: false,
          headers: { host: `${name}:${port}` },
        },
        (response) => {
          const pieces: Buffer[] = []
          response.on('data', (piece: Buffer) => pieces.push(piece))
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(pieces),
            }),
          )
          response.on('error', reject)
        },
      )
      asked.on('error', reject).end()
    })
}
