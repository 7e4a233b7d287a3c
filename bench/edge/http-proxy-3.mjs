// The proxy as in its guide, with keep-alive to the origin: `http-proxy-3.mjs FOLDER PORT KEY-TYPE ORIGIN`,
// with the package in FOLDER.
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import httpProxy from 'http-proxy-3'

const [folder, port, key, target] = process.argv.slice(2)
const keepAlive = { keepAlive: true, maxFreeSockets: 256 }
httpProxy
  .createServer({
    target,
    ssl: { key: readFileSync(`${folder}/${key}.key`), cert: readFileSync(`${folder}/${key}.crt`) },
    agent: target.startsWith('https:') ? new SecureAgent(keepAlive) : new Agent(keepAlive),
    secure: false,
    xfwd: true,
    ws: true,
  })
  .on('error', () => undefined)
  .listen(Number(port), '127.0.0.1')
