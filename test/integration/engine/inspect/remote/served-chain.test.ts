import net, { type AddressInfo, type Server } from 'node:net'
import tls from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import type { EdgekeepError } from '../../../../../src/contract/errors/registry.ts'
import { remoteReportSchema } from '../../../../../src/contract/inspect/remote.ts'
import { fetchServedChain } from '../../../../../src/engine/inspect/remote/served-chain.ts'
import { openTestEngine } from '../../../../support/engine/engine.ts'
import { resolveAs } from '../../../../support/engine/resolver.ts'
import { sampleText } from '../../../../support/pki/samples.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  return (server.address() as AddressInfo).port
}

const names = { leaf: 'rsa.crt.pem', intermediate: 'intermediate.crt.pem', root: 'root.crt.pem' }

function tlsServer(files: string[], options: tls.TlsOptions = {}): Promise<number> {
  const cert = files.map(sampleText).join('')
  const server = tls.createServer({ cert, key: sampleText('rsa.key.pem'), ...options }, (socket) =>
    socket.end(),
  )
  server.on('tlsClientError', () => undefined)
  return listening(server)
}

async function refusal(act: Promise<unknown>): Promise<EdgekeepError> {
  return act.then(
    () => expect.unreachable(),
    (error: unknown) => error as EdgekeepError,
  )
}

describe('the chain that a server shows', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'comes in the order in which it was sent over %s, with its root and what does not belong there',
    async (version) => {
      const files = [names.leaf, names.root, 'p384.crt.pem', names.intermediate]
      const port = await tlsServer(files, { minVersion: version, maxVersion: version })
      const { chain, protocol } = await fetchServedChain({ host: '127.0.0.1', port, serverName: 'shop.test' })
      const sent = files.map((file) =>
        Buffer.from(sampleText(file).replace(/-----[^-]+-----/g, ''), 'base64'),
      )
      expect(chain.map((der) => Buffer.from(der))).toEqual(sent)
      expect(protocol).toBe(version)
    },
  )

  test.each([
    ['X25519MLKEM768', 'X25519MLKEM768'],
    ['X25519', 'X25519'],
    ['P-256', 'prime256v1'],
  ])('comes with the group of the key exchange: %s', async (ecdhCurve, group) => {
    const port = await tlsServer([names.leaf], { ecdhCurve })
    expect(await fetchServedChain({ host: '127.0.0.1', port })).toMatchObject({ group })
  })

  test('is asked for by name', async () => {
    const seen: (string | undefined)[] = []
    const SNICallback: tls.TlsOptions['SNICallback'] = (name, done) => {
      seen.push(name)
      done(null)
    }
    const port = await tlsServer([names.leaf], { SNICallback, maxVersion: 'TLSv1.2' })
    await fetchServedChain({ host: '127.0.0.1', port, serverName: 'shop.test' })
    expect(seen).toEqual(['shop.test'])
  })

  test('takes one connection', async () => {
    const port = await tlsServer([names.leaf, names.intermediate])
    let connections = 0
    servers.at(-1)!.on('connection', () => (connections += 1))
    await fetchServedChain({ host: '127.0.0.1', port })
    expect(connections).toBe(1)
  })

  test('comes from this computer for a name below localhost, which many resolvers do not know', async () => {
    const putBack = resolveAs({ localhost: [['127.0.0.1']], 'app.localhost': [['192.0.2.1']] })
    try {
      const seen: (string | undefined)[] = []
      const SNICallback: tls.TlsOptions['SNICallback'] = (name, done) => {
        seen.push(name)
        done(null)
      }
      const port = await tlsServer([names.leaf], { SNICallback, maxVersion: 'TLSv1.2' })
      await fetchServedChain({ host: 'app.localhost', port })
      expect(seen).toEqual(['app.localhost'])
    } finally {
      putBack()
    }
  })

  test.each(['169.254.169.254', '::ffff:169.254.169.254', 'metadata.test'])(
    'is not asked of the metadata service of a cloud (%s)',
    async (host) => {
      const putBack = resolveAs({ 'metadata.test': [['169.254.169.254']] })
      try {
        const { message } = await refusal(fetchServedChain({ host, port: 443 }))
        expect(message).toContain('its address is that of a cloud’s metadata service')
      } finally {
        putBack()
      }
    },
  )

  test('is not there where nothing listens or nothing speaks TLS, and the reason is said', async () => {
    const plain = await listening(net.createServer((socket) => socket.end('220 hello\r\n')))
    const closed = await listening(net.createServer((socket) => socket.destroy()))
    const reasons = await Promise.all(
      [1, plain, closed].map((port) => refusal(fetchServedChain({ host: '127.0.0.1', port }))),
    )
    expect(reasons.map(({ code }) => code)).toEqual(Array(3).fill('remote.unreachable'))
    expect(reasons.map(({ message }) => message)).toEqual([
      expect.stringContaining('nothing listens there'),
      expect.stringContaining('does not speak TLS'),
      expect.stringContaining('closed the connection'),
    ])
  })
})

test('the engine looks into it as into a file, and compares it with one', async () => {
  const port = await tlsServer([names.leaf, names.intermediate])
  const opened = await openTestEngine()
  try {
    const files = [names.root, 'p256.crt.pem'].map((name) => new File([sampleText(name)], name))
    const compareWith = await opened.client.inspect.open({ files })
    const report = remoteReportSchema.parse(
      await opened.client.inspect.remote({
        host: '127.0.0.1',
        port,
        serverName: 'shop.test',
        compareWith,
      }),
    )
    expect(report.chain.map(({ title }) => title)).toEqual(['shop.test', 'Sample intermediate'])
    expect(report.diagnosed.diagnosis.situation).toBe('unknown-authority')
    expect(report.comparison).toMatchObject({ identical: false, key: { reused: false } })
    expect(report.pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
  } finally {
    await opened.close()
  }
})
