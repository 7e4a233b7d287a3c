import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import type { FindingKind } from '../../../src/contract/findings/findings.ts'
import { freePort } from '../free-port.ts'

/** Servers with a recipe here; the others are not JavaScript's. */
export type DevServerKind = Extract<FindingKind, `dev-server.${'vite' | 'webpack' | 'next'}`>

interface Recipe {
  /** Its program, below `node_modules`. */
  program: string
  args: (port: number) => string[]
  config: { file: string; around: (lines: string) => string }
  sources: Record<string, string>
  /** Has the word that the page shows. */
  shown: string
}

const text = 'text.js'
const word = (shown: string) => `export const text = '${shown}'\n`
const body = '<!doctype html><title>Shop</title><main id="app"></main>'
const main = `import { text } from './text.js'\ndocument.querySelector('#app').textContent = text\n`

const recipes: Record<DevServerKind, Recipe> = {
  'dev-server.vite': {
    program: 'vite/bin/vite.js',
    args: (port) => ['--host', '127.0.0.1', '--port', String(port), '--strictPort'],
    config: { file: 'vite.config.js', around: (lines) => `export default {\n${lines}\n}\n` },
    sources: { 'index.html': `${body}<script type="module" src="/main.js"></script>`, 'main.js': main },
    shown: text,
  },
  'dev-server.webpack': {
    program: 'webpack-cli/bin/cli.js',
    args: (port) => ['serve', '--host', '127.0.0.1', '--port', String(port)],
    config: {
      file: 'webpack.config.js',
      around: (lines) => `module.exports = {\nmode: 'development',\nentry: './main.js',\n${lines}\n}\n`,
    },
    sources: { 'public/index.html': `${body}<script src="/main.js"></script>`, 'main.js': main },
    shown: text,
  },
  'dev-server.next': {
    program: 'next/dist/bin/next',
    args: (port) => ['dev', '--hostname', '127.0.0.1', '--port', String(port)],
    config: { file: 'next.config.js', around: (lines) => `module.exports = {\n${lines}\n}\n` },
    sources: {
      'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>\n',
      'app/page.js':
        "'use client'\nimport { text } from './text.js'\nexport default () => <main id=\"app\">{text}</main>\n",
    },
    shown: `app/${text}`,
  },
}

export interface DevServer {
  port: number
  /** Changes the word on its page. */
  show(shown: string): void
  /** Output so far. */
  output(): string
  close(): Promise<void>
}

/**
 * Starts the real server from `modules` on a project in `folder` whose configuration has `lines`; it shows
 * "first".
 */
export async function startDevServer(
  kind: DevServerKind,
  { folder, modules, lines }: { folder: string; modules: string; lines: string },
): Promise<DevServer> {
  const { program, args, config, sources, shown: file } = recipes[kind]
  const write = (name: string, content: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  for (const [name, content] of Object.entries(sources)) write(name, content)
  write('package.json', JSON.stringify({ private: true, name: 'shop' }))
  write(config.file, config.around(lines))
  write(file, word('first'))
  const port = await freePort()
  const child = spawn(process.execPath, [resolve(modules, program), ...args(port)], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
    // Process group of its own, because it starts others.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)))
  const ended = once(child, 'exit')
  // Another program may have taken the port meanwhile; the server prints its address once it has it.
  while (!output.includes(String(port)) || !(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    port,
    show: (shown) => write(file, word(shown)),
    output: () => output,
    async close() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await ended
    },
  }
}

/** Observations at a page whose source changed. */
export interface Watched {
  /** Status of the page's own request. */
  status: number
  /** Websockets that received data. */
  heard: string[]
  isUpdated: boolean
}

/** Opens the page at `url`, changes the word, and waits at most `withinMs` for it. */
export async function watchUpdate(
  context: BrowserContext,
  url: string,
  server: DevServer,
  withinMs = 15_000,
): Promise<Watched> {
  const page = await context.newPage()
  const heard = new Set<string>()
  page.on('websocket', (socket) => socket.on('framereceived', () => heard.add(socket.url())))
  const shows = (shown: string, timeout: number) =>
    page
      .locator('#app', { hasText: shown })
      .waitFor({ timeout })
      .then(
        () => true,
        () => false,
      )
  const response = await page.goto(url, { timeout: 60_000 })
  const isThere = await shows('first', withinMs)
  // A page that has just loaded is not yet subscribed to updates.
  if (isThere) await page.waitForTimeout(2_000)
  server.show('second')
  const isUpdated = isThere && (await shows('second', withinMs))
  await page.close()
  return { status: response?.status() ?? 0, heard: [...heard], isUpdated }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
