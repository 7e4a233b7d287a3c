import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ordinaryUser } from './ordinary-user.ts'

/** Reason to skip what needs another user of this computer; undefined if there is one. */
export const noStranger =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root of a Linux can be another user'
    : undefined

const program = `
const http = require('node:http')
const dgram = require('node:dgram')
const { port, udp, body } = JSON.parse(process.argv[1])
const listener = udp ? dgram.createSocket('udp4') : http.createServer((_, response) => response.end(body))
listener.on('listening', () => console.log('listening'))
listener.on('error', (error) => console.log(error.code))
if (udp) listener.bind(port, '127.0.0.1')
else listener.listen(port, '127.0.0.1')
process.stdin.resume().on('end', () => process.exit())
`

export interface Squatter {
  pid: number
  uid: number
  end(): Promise<void>
}

/** Starts another user's program that takes a loopback port and answers every request with `body`. */
export async function startSquatter(
  port: number,
  { udp = false, body = 'squatted' } = {},
): Promise<Squatter> {
  const { as } = ordinaryUser()
  const given = ['-e', program, JSON.stringify({ port, udp, body })]
  const child = spawn(process.execPath, given, { ...as, stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  if (line !== 'listening' || child.pid === undefined) {
    child.stdin.end()
    throw new Error(line)
  }
  return {
    pid: child.pid,
    uid: as.uid ?? 0,
    async end() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
