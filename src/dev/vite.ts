import type { AddressInfo } from 'node:net'
import type { Plugin, ViteDevServer } from 'vite'
import { develop } from './dev.ts'

export interface EdgekeepOptions {
  /** Name of the address, a label or a whole name. Default: that of the package. */
  name?: string
}

/** Gives Vite's development server an HTTPS address for as long as it listens. */
export function edgekeep({ name }: EdgekeepOptions = {}): Plugin {
  return {
    name: 'edgekeep',
    apply: (_config, { command, isPreview }) => command === 'serve' && isPreview !== true,
    // Vite accepts names below `localhost` by itself.
    config: () => (name?.includes('.') ? { server: { allowedHosts: [name] } } : {}),
    configureServer(server) {
      server.httpServer?.once('listening', () => void open(server, name))
    },
  }
}

/** End of the address before a restart of the server, which keeps its name. */
let closed = Promise.resolve()

/** A failure leaves the server as it would be without the plugin. */
async function open({ httpServer, config }: ViteDevServer, name: string | undefined): Promise<void> {
  const { logger, root, server } = config
  const origin = originOf(httpServer?.address() as AddressInfo, server.https !== undefined)
  const onNote = (note: string) => logger.warn(note)
  try {
    await closed
    const development = await develop({
      origin,
      folder: root,
      onNote,
      name,
    })
    httpServer?.once('close', () => void (closed = development.close()))
    logger.info(`  ➜  Edgekeep: ${development.address}/`)
  } catch (error) {
    logger.warn(`Edgekeep: ${(error as Error).message}`)
  }
}

function originOf({ address, family, port }: AddressInfo, isTls: boolean): string {
  const any = family === 'IPv6' ? '::' : '0.0.0.0'
  const loopback = family === 'IPv6' ? '::1' : '127.0.0.1'
  const host = address === any ? loopback : address
  return `${isTls ? 'https' : 'http'}://${family === 'IPv6' ? `[${host}]` : host}:${port}`
}
