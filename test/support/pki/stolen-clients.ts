import { execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { handshakeProofClass } from '../../../src/engine/trust/probes/developer-clients.ts'

interface Question {
  name: string
  port: number
  /** Folder with `root.pem` and `trust.p12`, the roots to trust. */
  folder: string
}

/** Clients that connect to a site at 127.0.0.1 with a root to trust; each returns its verdict. */
export const ask = {
  openssl: client('openssl', ({ name, port, folder }) => [
    's_client',
    ...['-connect', `127.0.0.1:${port}`, '-servername', name, '-verify_hostname', name],
    ...['-CAfile', join(folder, 'root.pem'), '-verify_return_error', '-quiet'],
  ]),
  curl: client('curl', ({ name, port, folder }) => [
    ...['-sS', '--max-time', '20', '--cacert', join(folder, 'root.pem')],
    ...['--resolve', `${name}:${port}:127.0.0.1`, `https://${name}:${port}/`],
  ]),
  'GnuTLS (gnutls-cli)': client('gnutls-cli', ({ name, port, folder }) => [
    ...[`--x509cafile=${join(folder, 'root.pem')}`, `--sni-hostname=${name}`, `--verify-hostname=${name}`],
    ...['-p', String(port), '127.0.0.1'],
  ]),
  python: client('python3', ({ name, port, folder }) => [
    '-c',
    [
      'import socket, ssl, sys',
      'context = ssl.create_default_context(cafile=sys.argv[3])',
      'plain = socket.create_connection(("127.0.0.1", int(sys.argv[2])))',
      'secure = context.wrap_socket(plain, server_hostname=sys.argv[1])',
      String.raw`secure.sendall(b"GET / HTTP/1.0\r\n\r\n")`,
      'secure.recv(100)',
    ].join('\n'),
    ...[name, String(port), join(folder, 'root.pem')],
  ]),
  go: client('go', ({ name, port, folder }) => [name, String(port), join(folder, 'root.pem')], buildGo),
  java: client('java', ({ name, port, folder }) => {
    writeFileSync(join(folder, 'HandshakeProof.class'), handshakeProofClass('127.0.0.1'))
    const trust = [`-Djavax.net.ssl.trustStore=${join(folder, 'trust.p12')}`]
    return [
      ...trust,
      '-Djavax.net.ssl.trustStorePassword=changeit',
      '-cp',
      folder,
      'HandshakeProof',
      name,
      String(port),
      '/',
    ]
  }),
}

const goSource = `package main

import ("crypto/tls"; "crypto/x509"; "fmt"; "os")

func main() {
  pem, _ := os.ReadFile(os.Args[3])
  roots := x509.NewCertPool()
  roots.AppendCertsFromPEM(pem)
  connection, failure := tls.Dial("tcp", "127.0.0.1:"+os.Args[2], &tls.Config{ServerName: os.Args[1], RootCAs: roots})
  if failure != nil { fmt.Println(failure); os.Exit(1) }
  fmt.Fprint(connection, "GET / HTTP/1.0\\r\\n\\r\\n")
  connection.Read(make([]byte, 100))
}
`

/** Builds once for all calls: a build takes a minute on a fresh machine. */
async function buildGo(folder: string): Promise<string> {
  const program = join(folder, 'ask-go')
  if (existsSync(program)) return program
  writeFileSync(join(folder, 'ask.go'), goSource)
  await promisify(execFile)('go', ['build', '-o', program, join(folder, 'ask.go')])
  return program
}

function client(
  name: string,
  words: (question: Question) => string[],
  build: (folder: string) => Promise<string> = () => Promise.resolve(name),
) {
  const missing = () => (spawnSync(name, ['--version']).error ? `${name} is not installed here` : undefined)
  const run = async (question: Question) => {
    const program = await build(question.folder)
    return new Promise<string>((resolve) => {
      const child = spawn(program, words(question), { stdio: ['pipe', 'pipe', 'pipe'] })
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
      child.stdin.on('error', () => undefined)
      child.stdin.end('GET / HTTP/1.0\r\n\r\n')
      child.once('close', () => resolve(said))
    })
  }
  return Object.assign(run, { missing, build })
}
