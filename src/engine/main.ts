import '../platform/tls/peer-certificates.ts'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { EdgekeepError, problemOf } from '../contract/errors/registry.ts'
import { openControlSocket } from './control-socket.ts'
import type { EdgeOptions } from './engine-options.ts'
import { createEngine } from './engine.ts'
import { controlAddress } from '../contract/engine/control-address.ts'
import { engineEndMs, engineExits, restartExit, stoppedCloseCode } from '../contract/engine/engine-exit.ts'
import { watchHome } from './home-watch.ts'
import type { EndReason } from './core/end-reason.ts'
import { openLog, type Log } from './core/log.ts'
import { openMetrics } from './metrics.ts'

/**
 * Entry point of the engine's process. The host keeps its end of stdin open for the engine's lifetime; stdout
 * carries one line: ready, or the reason why not.
 */
async function main(): Promise<void> {
  // Node allocates small buffers in slabs that are never freed: copies of keys would stay there.
  Buffer.poolSize = 0
  const { folder, edge } = readArguments()
  const address = controlAddress(folder)
  if (!address)
    throw new EdgekeepError('home.unusable', { reason: 'its path is too long for a control socket' })
  process.umask(0o077)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { log, close: closeLog } = openLog(`${folder}/logs`, 'engine')
  let leave = (_reason: EndReason): void => undefined
  const engine = await createEngine({ folder, edge, log, ended: (reason) => leave(reason) }).catch(
    (error: unknown) => {
      log.error({ err: error }, 'Engine start failed')
      throw error
    },
  )
  const metricsPort = engine.context.parts.edgeStart?.started.metricsPort ?? null
  const metrics =
    metricsPort === null
      ? null
      : await openMetrics(metricsPort, engine.context.parts).catch(async (error: unknown) => {
          await engine.close()
          throw error
        })
  const socket = await openControlSocket(address, engine).catch(async (error: unknown) => {
    metrics?.close()
    await engine.close()
    throw error
  })
  goOnAfterExceptions(log)
  const { https, http } = engine.context.parts.supervisor?.status() ?? {}
  log.info({ httpsPort: https?.port, httpPort: http?.port }, 'Engine ready')

  let ending = false
  const end = async (why: string, status = 0) => {
    if (ending) return
    ending = true
    watch.close()
    setTimeout(() => process.exit(status || 1), engineEndMs.exit).unref()
    log.info({ why }, 'Engine stopping')
    let exitCode = status
    // Rollbacks first: a server must not wait for clients to go.
    void engine.endPublications()
    try {
      metrics?.close()
      await socket.close(status === engineExits.stopped ? stoppedCloseCode : undefined)
      await engine.close()
    } catch (error) {
      log.fatal({ err: error }, 'Engine shutdown failed')
      exitCode = status || 1
    }
    closeLog()
    process.exit(exitCode)
  }
  const lock = `${folder}/vault.lock`
  const watch = watchHome([lock, ...(process.platform === 'win32' ? [] : [address])], (path) => {
    if (path === lock) void end('its folder was moved or deleted', engineExits.homeGone)
    // The host starts a new engine, which creates the socket again.
    else void end('its control socket was removed', 1)
  })
  // Delay for the response to the call that ends it.
  leave = (reason) => void setTimeout(() => void end(...endings[reason]), 300)
  process.on('SIGINT', () => void end('SIGINT'))
  process.on('SIGTERM', () => void end('SIGTERM'))
  process.stdin.on('end', () => void end('its host is gone')).on('error', () => void end('its host is gone'))
  process.stdin.resume()
  // Printed last, when the handlers for everything that the host does next are in place.
  say({ ok: true, pid: process.pid, httpsPort: https?.port, httpPort: http?.port })
}

const endings: Record<EndReason, [why: string, status: number]> = {
  replaced: ['its vault was replaced', 0],
  stopped: ['a person stopped it', engineExits.stopped],
  restarted: ['a person restarted it', restartExit],
}

/**
 * Logs uncaught exceptions and continues: every change of the vault is a transaction that rolls back, the
 * edge is another process, and a restarted engine under a passphrase is locked, so an attacker with such an
 * exception could lock the vault at will.
 */
function goOnAfterExceptions(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'Uncaught exception, engine continuing')
  })
}

function readArguments(): { folder: string; edge: EdgeOptions } {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      'https-port': { type: 'string' },
      'http-port': { type: 'string' },
      again: { type: 'boolean' },
      'port-taken': { type: 'string', default: 'fail' },
      workers: { type: 'string' },
      'metrics-port': { type: 'string' },
    },
  })
  if (!values.home) throw new EdgekeepError('usage.wrong', { reason: 'The engine needs --home.' })
  return {
    folder: values.home,
    edge: {
      workerEntry: fileURLToPath(new URL('./edge-worker.js', import.meta.url)),
      commandEntry: fileURLToPath(new URL('./cli.js', import.meta.url)),
      httpsPort: numberIn(values['https-port']),
      httpPort: numberIn(values['http-port']),
      again: values.again,
      portTaken: values['port-taken'] === 'next' ? 'next' : 'fail',
      workers: values.workers === 'auto' ? 'auto' : numberIn(values.workers),
      metricsPort: numberIn(values['metrics-port']),
    },
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

main().catch((error: unknown) => {
  const coded = error instanceof EdgekeepError ? error : new EdgekeepError('engine.failed', {})
  say({ ok: false, error: { ...problemOf(coded), data: coded.data } })
  process.exitCode = 3
  process.stdin.destroy()
})
