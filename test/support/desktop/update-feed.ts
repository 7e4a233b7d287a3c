import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Manifest, PackageKind, UpdateChannel } from '../../../src/main/updates/manifest.ts'
import { newUpdateKey, signContent } from '../../../scripts/release/update-key.ts'

/** Update server on the loopback, whose files a test changes as an attacker would. */
export interface UpdateFeed {
  channel: UpdateChannel
  files: Map<string, Buffer>
  /** Requested paths, in order. */
  asked: string[]
  /** Puts a signed release there. */
  publish(
    version: string,
    o?: { kind?: PackageKind; content?: Buffer; secret?: string; expiresAt?: Date },
  ): Manifest
  /** Signs and puts a list there, whatever it contains. */
  sign(list: object): void
  /** Milliseconds between pieces of 64 KB of a package. */
  slowly(delayMs: number): void
  close(): Promise<void>
}

const packageFile = 'Edgekeep-x64.AppImage'
const dayMs = 86_400_000
const pieceBytes = 64 * 1024

export async function startUpdateFeed(): Promise<UpdateFeed> {
  const { privateKey, publicKey } = newUpdateKey()
  const files = new Map<string, Buffer>()
  const asked: string[] = []
  let delayMs = 0
  const server = createServer((request, response) => {
    const name = (request.url ?? '').split('/').at(-1)?.split('?')[0] ?? ''
    asked.push(name)
    const file = files.get(name)
    if (!file) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Length': file.length })
    let from = 0
    const piece = () => {
      if (response.destroyed) return
      response.write(file.subarray(from, from + pieceBytes))
      from += pieceBytes
      if (from >= file.length) response.end()
      else setTimeout(piece, name === packageFile ? delayMs : 0)
    }
    piece()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sign = (list: object, secret = privateKey) => {
    const text = Buffer.from(JSON.stringify(list))
    files.set('updates.json', text)
    files.set('updates.json.minisig', Buffer.from(signContent(text, secret, 'timestamp:1 file:updates.json')))
  }
  return {
    sign,
    channel: { feed: `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`, publicKey },
    files,
    asked,
    publish(
      version,
      {
        kind = 'appimage',
        content = Buffer.from(`edgekeep ${version}`),
        secret = privateKey,
        expiresAt = new Date(Date.now() + dayMs),
      } = {},
    ) {
      const manifest: Manifest = {
        product: 'edgekeep',
        version,
        releasedAt: '2026-11-20T10:00:00.000Z',
        expiresAt: expiresAt.toISOString(),
        notes: `What is new in ${version}: domains answer sooner.`,
        packages: (['x64', 'arm64'] as const).map((arch) => ({
          kind,
          arch,
          name: packageFile,
          sizeBytes: content.length,
          sha512: createHash('sha512').update(content).digest('hex'),
        })),
      }
      files.set(packageFile, content)
      sign(manifest, secret)
      return manifest
    },
    slowly: (ms) => (delayMs = ms),
    close: () => closed(server),
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
