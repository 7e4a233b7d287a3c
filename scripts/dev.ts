import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { build, createServer, type Plugin, type Rolldown, type UserConfig } from 'vite'
import windowConfig from '../electron.vite.config.ts'
import { openHome, type Home } from '../src/engine-process/home.ts'
import { pinnedNode } from '../src/engine-process/pinned-node.ts'
import { readReadyLine } from '../src/engine-process/ready-line.ts'
import { engineArguments } from '../src/engine-process/spawn-engine.ts'
import { refuseUpgrade, relayFrames } from '../src/web/frame-relay.ts'
import { isForUs, isFromUs } from '../src/web/request-guard.ts'
import nodeConfig from '../vite.node.config.ts'

/*
 * The window with hot replacement of its modules, at an engine that is built and started again after each change:
 * `npm run dev [-- --home FOLDER] [--inspect]`. `--inspect` opens Node's inspector of the engine (9229) and of the
 * edge worker (9230) on loopback: every user of this computer can then read what they hold.
 *
 * Threats as in `src/web/web-host.ts`: the address has a random part that only this terminal shows, nothing is
 * served outside of it, and the WebSocket needs this host and this origin besides.
 */
const { values } = parseArgs({
  options: {
    home: { type: 'string', default: 'node_modules/.cache/dev-home' },
    inspect: { type: 'boolean', default: false },
  },
})
// Beside the packages, since native ones stay outside of the bundle.
const bundleFolder = path.resolve('node_modules/.cache/dev')
const base = `/${randomBytes(16).toString('base64url')}/`

/** A day: a worker that stands at a breakpoint is ended after some seconds otherwise. */
const patientSigns = 86_400

/** Opens the worker's inspector, and has the supervisor wait. No line moves, so the source maps hold. */
const inspectWorker: Plugin = {
  name: 'inspect-worker',
  transform(code, id) {
    if (id.endsWith('/edge/worker/worker.ts'))
      return {
        code: `import inspector from 'node:inspector'; inspector.open(9230, '127.0.0.1'); ${code}`,
        map: null,
      }
    if (!id.endsWith('/edge/supervisor/worker-process.ts')) return undefined
    const patient = code.replaceAll(/const (missedSigns|missedAtStart) = \d+/g, `const $1 = ${patientSigns}`)
    return patient === code
      ? this.error('the supervisor counts missed signs in another way')
      : { code: patient, map: null }
  },
}

/** Calls `built` after the first build and after each change of the sources of engine, worker and command line. */
async function watchEngine(built: () => void): Promise<() => Promise<void>> {
  const watcher = (await build({
    ...nodeConfig,
    configFile: false,
    logLevel: 'warn',
    plugins: [...(nodeConfig.plugins ?? []), ...(values.inspect ? [inspectWorker] : [])],
    build: { ...nodeConfig.build, outDir: bundleFolder, license: false, sourcemap: true, watch: {} },
  })) as Rolldown.RolldownWatcher
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') console.error(event.error.message)
    if (event.code === 'END') built()
  })
  return () => watcher.close()
}

interface RunningEngine {
  ports: { https: number; http: number }
  stop(): Promise<void>
}

async function startEngine(home: Home, samePorts?: RunningEngine['ports']): Promise<RunningEngine> {
  const flags = ['--enable-source-maps', ...(values.inspect ? ['--inspect=127.0.0.1:9229'] : [])]
  const options = samePorts ? { samePorts, portTaken: 'fail' as const } : { portTaken: 'next' as const }
  const entry = path.join(bundleFolder, 'engine.js')
  const child = spawn(pinnedNode('.'), [...flags, entry, ...engineArguments(home, options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => ['']),
  ])) as [string]
  child.stdout.resume()
  const { httpsPort, httpPort } = readReadyLine(line)
  return {
    ports: { https: httpsPort, http: httpPort },
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}

/** Relays the window's frames to the engine, and serves nothing to those who do not know the address. */
function windowAt(home: Home): Plugin {
  return {
    name: 'window-at-engine',
    configureServer({ middlewares, httpServer }) {
      middlewares.use((request, response, next) => {
        if (request.url?.startsWith(base) && isForUs(request, portOf(request))) return next()
        response.writeHead(404).end()
      })
      httpServer?.on('upgrade', (request: IncomingMessage, browser, head: Buffer) => {
        if (request.url !== `${base}frames`) return
        if (!isForUs(request, portOf(request)) || !isFromUs(request)) return refuseUpgrade(browser, 403)
        relayFrames({ request, browser, head, controlAddress: home.socketPath })
      })
    },
  }
}

const portOf = ({ socket }: IncomingMessage) => (socket instanceof Socket ? (socket.localPort ?? 0) : 0)

async function serveWindow(home: Home) {
  const { plugins = [], ...config } = (windowConfig as { renderer: UserConfig }).renderer
  const server = await createServer({
    ...config,
    configFile: false,
    base,
    plugins: [...plugins, windowAt(home)],
    optimizeDeps: { entries: ['main.tsx'] },
    server: { host: '127.0.0.1' },
  })
  await server.listen()
  return server
}

// A build would set it to production, in which the window has no hot replacement.
process.env['NODE_ENV'] = 'development'
const home = openHome(path.resolve(values.home))
let engine: Promise<RunningEngine> | null = null
const restart = async (last: Promise<RunningEngine> | null): Promise<RunningEngine> => {
  const previous = await last?.catch(() => null)
  await previous?.stop()
  const started = await startEngine(home, previous?.ports)
  console.log(`engine ready: HTTPS ${started.ports.https}, HTTP ${started.ports.http}`)
  return started
}
const stopWatching = await watchEngine(() => {
  engine = restart(engine)
  engine.catch((error: Error) => console.error(`engine: ${error.message}`))
})
const server = await serveWindow(home)
console.log(`window: ${server.resolvedUrls?.local[0]}`)
process.once('SIGINT', () => void end())
process.once('SIGTERM', () => void end())

async function end(): Promise<void> {
  await Promise.allSettled([server.close(), stopWatching(), engine?.then((running) => running.stop())])
  process.exit()
}
