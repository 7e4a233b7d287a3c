import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const serves = `
    import { createServer } from 'node:http'
    import { rmSync, writeFileSync } from 'node:fs'
    import { WebSocketServer } from ${JSON.stringify(import.meta.resolve('ws'))}
    import { controlAddress } from ${JSON.stringify(new URL('../../../src/contract/engine/control-address.ts', import.meta.url).href)}
    const argument = (name) => process.argv[process.argv.indexOf(name) + 1]
    const home = argument('--home')
    writeFileSync(home + '/arguments-' + process.pid, process.argv.slice(2).join(' '))
    if (process.platform !== 'win32') rmSync(controlAddress(home), { force: true })
    const server = createServer()
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
    server.listen(controlAddress(home), () => {
      const ports = { httpsPort: Number(argument('--https-port')) || 8443, httpPort: Number(argument('--http-port')) || 8080 }
      console.log(JSON.stringify({ ok: true, pid: process.pid, ...ports }))
    })
    process.on('SIGTERM', () => process.exit(0))
    process.stdin.on('end', () => { writeFileSync(home + '/ended-in-order', ''); process.exit(0) }).resume()`

/** Behaviours of the stand-in for the engine process; the real one has its own tests. */
const behaviours = {
  /** Serves, echoing on the control socket, until its input ends or SIGTERM; writes down its arguments and that it ended in order. */
  serves: serves,
  /** Serves, and refuses to end. */
  stubborn: `
    console.log(JSON.stringify({ ok: true, pid: process.pid, httpsPort: 1, httpPort: 2 }))
    process.on('SIGTERM', () => {})
    setInterval(() => {}, 1000)`,
  /** Has its control socket and answers nothing on it; ends in order when its input ends, and writes that down. */
  mute: `
    import { createServer } from 'node:net'
    import { writeFileSync } from 'node:fs'
    import { controlAddress } from ${JSON.stringify(new URL('../../../src/contract/engine/control-address.ts', import.meta.url).href)}
    const home = process.argv[process.argv.indexOf('--home') + 1]
    createServer(() => {}).listen(controlAddress(home), () =>
      console.log(JSON.stringify({ ok: true, pid: process.pid, httpsPort: 1, httpPort: 2 })))
    process.stdin.on('end', () => { writeFileSync(home + '/ended-in-order', ''); process.exit(0) }).resume()`,
  /** Never gets ready, like an engine whose keychain waits for the person. */
  unready: `process.stdin.on('end', () => process.exit(0)).resume()`,
  refuses: `
    const error = { code: 'edge.port_taken', message: '', data: { port: 8443, owner: 'nginx', nextFreePort: 8444 } }
    console.log(JSON.stringify({ ok: false, error }))
    process.exitCode = 3`,
  /** Refuses the first time, and serves from then on. */
  servesSecond: `
    import { existsSync as wasTried, writeFileSync as note } from 'node:fs'
    const tried = process.argv[process.argv.indexOf('--home') + 1] + '/tried'
    if (!wasTried(tried)) {
      note(tried, '')
      const error = { code: 'vault.newer', message: '', data: { found: 99, known: 1 } }
      console.log(JSON.stringify({ ok: false, error }))
      process.exit(3)
    }
    ${serves}`,
  crashes: `throw new Error('at once')`,
  aborts: 'process.abort()',
  killed: `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`,
  babbles: `console.log('hello'); setInterval(() => {}, 1000)`,
  /** Reports that it serves and dies at once the first time; later it never reports. */
  dies: `
    import { existsSync, writeFileSync } from 'node:fs'
    const mark = process.argv[process.argv.indexOf('--home') + 1] + '/served'
    if (existsSync(mark)) process.exit(1)
    writeFileSync(mark, '')
    console.log(JSON.stringify({ ok: true, pid: process.pid, httpsPort: 1, httpPort: 2 }))
    setTimeout(() => process.exit(1), 100)`,
  /** Serves the first time and never again. */
  servesOnce: `
    import { existsSync, writeFileSync } from 'node:fs'
    const mark = process.argv[process.argv.indexOf('--home') + 1] + '/served'
    if (existsSync(mark)) process.exit(1)
    writeFileSync(mark, '')
    console.log(JSON.stringify({ ok: true, pid: process.pid, httpsPort: 1, httpPort: 2 }))
    process.stdin.on('end', () => process.exit(0)).resume()`,
}

export function standInEngine(folder: string, behaviour: keyof typeof behaviours): string {
  const path = join(folder, `${behaviour}.mjs`)
  writeFileSync(path, behaviours[behaviour])
  return path
}
