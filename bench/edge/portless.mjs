// The proxy of portless with one route: `portless.mjs FOLDER PORT KEY-TYPE ORIGIN-PORT`, with the package in
// FOLDER.
import { readFileSync } from 'node:fs'
import { createProxyServer } from 'portless'

const [folder, port, key, originPort] = process.argv.slice(2)
createProxyServer({
  getRoutes: () => [{ hostname: 'localhost', port: Number(originPort) }],
  proxyPort: Number(port),
  tls: { key: readFileSync(`${folder}/${key}.key`), cert: readFileSync(`${folder}/${key}.crt`) },
  onError: () => undefined,
}).listen(Number(port), '127.0.0.1')
