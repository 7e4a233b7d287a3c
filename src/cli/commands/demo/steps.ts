import type { Client } from '../../../client/client.ts'
import { originDefaults } from '../../../contract/domains/domains.ts'
import { verifyCertificate } from '../../../pki/verify/verify.ts'
import { originBody } from './origin.ts'
import type { Step } from './play.ts'
import type { DemoAuthority, Pair } from './pair.ts'
import type { Visitor } from './visitor.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateKey } from 'node:crypto'

export const demoDomain = 'shop.test'

export interface Stage {
  client: Client
  folder: string
  originUrl: string
  ports: { https: number; http: number }
  authority: DemoAuthority
  visitor: Visitor
  first: Pair
  second: Pair
}

/** Duration of the requests on each certificate, in milliseconds. */
const loadMs = 700

function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

async function upload({ client }: Stage, pair: Pair): Promise<{ stagingId: string; matches: boolean }> {
  const files = [
    new File([pair.chainPem], 'shop.crt'),
    new File([new Uint8Array(pair.keyPem.bytes)], 'shop.key'),
  ]
  const { stagingId, report } = await client.staging.open({ files, domain: demoDomain })
  return { stagingId, matches: report.keyMatch?.matches ?? false }
}

export const steps: Step<Stage>[] = [
  {
    title: 'Add a domain',
    async act({ client, originUrl, ports, visitor }) {
      const { port } = new URL(originUrl)
      const { effect } = await client.domains.add({
        name: demoDomain,
        origin: {
          protocol: 'http',
          host: '127.0.0.1',
          httpPort: Number(port),
          httpsPort: 443,
          ...originDefaults,
        },
      })
      require(effect.inEffect === effect.version, 'the edge did not take the domain up')
      const { status, body } = await visitor.getPlain(demoDomain, '/')
      require(status === 200 && body === originBody, `HTTP answered ${status}`)
      return `http://${demoDomain}:${ports.http} serves the origin at ${originUrl}`
    },
  },
  {
    title: 'Upload a certificate and its key, turn HTTPS on',
    async act(stage) {
      const { stagingId, matches } = await upload(stage, stage.first)
      require(matches, 'the key was not found to match')
      const { effect } = await stage.client.https.enable({
        domain: demoDomain,
        source: { type: 'upload', stagingId, keep: false },
      })
      require(effect.inEffect === effect.version, 'the edge did not take the certificate up')
      return `the key matches and is sealed; configuration ${effect.version} is in effect`
    },
  },
  {
    title: 'A real handshake, and the four answers',
    async act({ visitor, authority }) {
      const { protocol, cipher, chain } = await visitor.handshake(demoDomain)
      const [leaf, ...intermediates] = chain
      require(leaf !== undefined, 'the edge showed no certificate')
      const { ok, answers } = verifyCertificate({
        leaf,
        intermediates,
        anchors: [{ name: "the demo's authority", certificates: [authority.der] }],
        at: new Date(),
        host: demoDomain,
      })
      const failed = Object.values(answers).find((answer) => answer && !answer.ok)
      require(ok, failed?.reason ?? 'the certificate did not verify')
      return `${protocol}, ${cipher}; validity, authority, signature and name hold`
    },
  },
  {
    title: "The origin's page over HTTPS",
    async act({ visitor, first }) {
      const { status, body, fingerprint } = await visitor.get(demoDomain)
      require(status === 200 && body === originBody, `it answered ${status}`)
      require(fingerprint === first.fingerprint, 'it came under another certificate')
      return `200, ${body.length} bytes, as the origin sent them`
    },
  },
  {
    title: 'HTTP redirects to HTTPS',
    async act({ client, visitor, ports }) {
      await client.domains.setRedirect({ domain: demoDomain, redirect: { mode: 'https', code: 301 } })
      const { status, location } = await visitor.getPlain(demoDomain, '/cart?item=1')
      const expected = `https://${demoDomain}${ports.https === 443 ? '' : `:${ports.https}`}/cart?item=1`
      require(status === 301 && location === expected, `it answered ${status} to ${location}`)
      return `301 to ${location}`
    },
  },
  {
    title: 'A name that is not served is refused in the handshake',
    async act({ visitor }) {
      const refusal = await visitor.handshake('other.test').then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      require(refusal !== undefined, 'the handshake for other.test succeeded')
      return `other.test: ${refusal}`
    },
  },
  {
    title: 'Swap the certificate under load',
    async act(stage) {
      const { client, visitor, first, second } = stage
      const load = startLoad(visitor, demoDomain, originBody)
      await pause(loadMs)
      const { stagingId } = await upload(stage, second)
      await client.https.enable({ domain: demoDomain, source: { type: 'upload', stagingId, keep: false } })
      await pause(loadMs)
      const { requests, failed, byCertificate } = await load.stop()
      const [before, after] = [
        byCertificate.get(first.fingerprint) ?? 0,
        byCertificate.get(second.fingerprint) ?? 0,
      ]
      require(failed === 0, `${failed} of ${requests} requests failed`)
      require(before > 0 && after > 0, 'not both certificates were seen')
      return `${requests} requests, 0 failed; ${before} under the old certificate, ${after} under the new one`
    },
  },
  {
    title: 'The key cannot be found in any file',
    async act({ folder, first, second }) {
      require(foundIn(folder, [
        certificateTrace(second),
      ]), 'not even the certificate was found, so the search proves nothing')
      require(!foundIn(folder, [...keyTraces(first), ...keyTraces(second)]), 'key material lies in a file')
      return 'database, log and all: the certificate is there, no key in PEM, DER, base64 or hex'
    },
  },
  {
    title: 'Turn HTTPS off: certificate and key are erased',
    async act({ client, folder, visitor, first, second }) {
      const { erased } = await client.https.disable({ domain: demoDomain })
      require(erased.length === 2, `${erased.length} certificates were erased, not 2`)
      require((await client.certificates.list()).length === 0, 'the vault still lists a certificate')
      require(!foundIn(folder, [
        certificateTrace(first),
        certificateTrace(second),
      ]), 'the database still holds a certificate')
      const refused = await visitor.handshake(demoDomain).then(
        () => false,
        () => true,
      )
      require(refused, 'the edge still serves HTTPS')
      return 'the vault is empty, its file is clean, and the handshake is refused'
    },
  },
]

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

interface Load {
  /** Ends the load and returns its counts; `byCertificate` counts responses by fingerprint. */
  stop(): Promise<{ requests: number; failed: number; byCertificate: Map<string, number> }>
}

/** Sends requests without a pause, half on keep-alive connections, half on new ones. */
function startLoad(visitor: Visitor, host: string, expectedBody: string): Load {
  const byCertificate = new Map<string, number>()
  let running = true
  let requests = 0
  let failed = 0
  const keepAliveAgent = visitor.agent(host)
  const visit = async (agent: typeof keepAliveAgent | undefined) => {
    while (running) {
      requests += 1
      const seen = await visitor.get(host, agent).catch(() => undefined)
      if (seen?.status !== 200 || seen.body !== expectedBody) failed += 1
      else byCertificate.set(seen.fingerprint, (byCertificate.get(seen.fingerprint) ?? 0) + 1)
    }
  }
  const visitors = Promise.all([
    visit(keepAliveAgent),
    visit(keepAliveAgent),
    visit(undefined),
    visit(undefined),
  ])
  return {
    async stop() {
      running = false
      await visitors
      keepAliveAgent.destroy()
      return { requests, failed, byCertificate }
    },
  }
}

/**
 * Encodings of a key to search files for: PEM text, DER, base64 and hex of it, and the secret scalar itself.
 */
function keyTraces({ keyPem }: Pair): Buffer[] {
  const key = createPrivateKey(keyPem.bytes)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  const scalar = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const text = keyPem.bytes.toString().split('\n')[1] ?? ''
  return [
    der,
    scalar,
    Buffer.from(text),
    Buffer.from(scalar.toString('base64url')),
    Buffer.from(scalar.toString('hex')),
  ]
}

/** The certificate's own bytes, which are unencrypted in the vault. */
function certificateTrace({ chainPem }: Pair): Buffer {
  return Buffer.from(chainPem.split('\n')[2] ?? '')
}

function foundIn(folder: string, traces: Buffer[]): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.some((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    return traces.some((trace) => trace.length > 0 && bytes.includes(trace))
  })
}
