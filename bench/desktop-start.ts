import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { windowShows } from '../src/engine-process/window-shows.ts'
import { processTree } from '../test/support/processes/process-tree.ts'

/*
 * Start time and idle memory of the desktop app and of an empty window of the same Electron, in turns within
 * one run. `npm run bench -- desktop` provides a display and an ordinary user, as the desktop tests do. The
 * first round of each warms the disk cache and is not counted.
 *
 * "shows": first paint of the page, the empty frame with the logo. The pixels reach the screen 10 to 35 ms
 * later for both, measured in Xvfb's frame buffer. "usable": the page has the heading of the engine's
 * response; for the empty window, its only heading. Times are medians from the start of the process.
 */

const roundCount = 7
const idleMs = 4000
const limits = { showsMs: 350, usableMs: 700 }

interface Round {
  showsMs: number
  usableMs: number
}

const root = process.cwd()
const electron = path.join(
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? 'node_modules/electron/dist',
  'electron',
)
const work = mkdtempSync(path.join(tmpdir(), 'edgekeep-bench-desktop-'))

function emptyApp(): string[] {
  const folder = path.join(work, 'empty')
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.cjs"}')
  writeFileSync(path.join(folder, 'page.html'), '<!doctype html><title>empty</title><h1>No domain yet</h1>')
  writeFileSync(
    path.join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron')
app.setPath('userData', ${JSON.stringify(path.join(work, 'empty-data'))})
app.enableSandbox()
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 860, show: false, webPreferences: { sandbox: true } })
  window.once('ready-to-show', () => { window.show(); console.log('edgekeep: the window shows') })
  window.loadFile(require('path').join(__dirname, 'page.html'))
})`,
  )
  return [folder]
}

function ourApp(): string[] {
  return [root, '--home', path.join(work, 'home')]
}

/** Time at which the page has the heading of the engine's response: milliseconds since 1970. */
const headingThereAt = `(async () => {
  const isThere = () => [...document.querySelectorAll('h1, h2')].some((one) => one.textContent === 'No domain yet')
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5))
  return Date.now()
})()`

/** Uses the debugger's protocol directly, because Electron lacks browser commands that Playwright needs. */
async function evaluateInPage(debuggerUrl: string, expression: string): Promise<number> {
  const list = await fetch(`http://${new URL(debuggerUrl).host}/json`)
  const targets = (await list.json()) as { type: string; webSocketDebuggerUrl: string }[]
  const page = targets.find(({ type }) => type === 'page')
  if (!page) throw new Error('There is no page.')
  const socket = new WebSocket(page.webSocketDebuggerUrl)
  const answer = new Promise<number>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      const { result } = JSON.parse(String(data)) as { result?: { result?: { value?: unknown } } }
      if (typeof result?.result?.value === 'number') resolve(result.result.value)
      else reject(new Error(`The page answers ${String(data)}`))
    })
    socket.addEventListener('error', () => reject(new Error('The debugger does not answer.')))
  })
  socket.addEventListener('open', () => {
    const params = { expression, awaitPromise: true, returnByValue: true }
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
  })
  return answer.finally(() => socket.close())
}

async function start(args: string[]): Promise<Round & { child: ChildProcess }> {
  const from = Date.now()
  const child = spawn(electron, ['--remote-debugging-port=0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen = { shows: 0, debugger: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.includes(windowShows)) seen.shows = Date.now() - from
  })
  child.stderr.on('data', (chunk: Buffer) => {
    seen.debugger ||= /ws:\/\/\S+/.exec(chunk.toString('utf8'))?.[0] ?? ''
  })
  while (!seen.shows || !seen.debugger) {
    if (child.exitCode !== null || Date.now() - from > 60_000) throw new Error('The window does not show.')
    await delay(2)
  }
  const thereAt = await evaluateInPage(seen.debugger, headingThereAt)
  return { showsMs: seen.shows, usableMs: thereAt - from, child }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Memory of the whole process tree in MB; shared pages are divided between their processes (Linux, PSS). */
function memoryOf(pid: number): { all: number; byProcess: string[] } {
  const each = [...processTree(pid).keys()].map((one) => {
    const rollup = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8')
    const megabytes = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / 1024
    const args = readFileSync(`/proc/${one}/cmdline`, 'utf8').split('\0')
    const kind =
      args.find((word) => word.startsWith('--type=')) ??
      args
        .slice(0, 3)
        .map((word) => path.basename(word))
        .join(' ')
    return { megabytes, text: `${kind.slice(0, 60)} ${megabytes.toFixed(0)} MB` }
  })
  return {
    all: each.reduce((sum, { megabytes }) => sum + megabytes, 0),
    byProcess: each.toSorted((one, other) => other.megabytes - one.megabytes).map(({ text }) => text),
  }
}

function median(numbers: number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0
}

const apps = { empty: emptyApp(), edgekeep: ourApp() }
const rounds = { empty: [] as Round[], edgekeep: [] as Round[] }
const memory = new Map<string, ReturnType<typeof memoryOf>>()
const before = loadavg()[0] ?? 0
for (let round = 0; round <= roundCount; round += 1) {
  for (const name of ['empty', 'edgekeep'] as const) {
    const { child, ...times } = await start(apps[name])
    if (round > 0) rounds[name].push(times)
    if (round === roundCount && child.pid !== undefined) {
      await delay(idleMs)
      memory.set(name, memoryOf(child.pid))
    }
    await stop(child)
  }
}
rmSync(work, { recursive: true, force: true, maxRetries: 5 })

const of = (name: 'empty' | 'edgekeep', what: keyof Round) => median(rounds[name].map((round) => round[what]))
const version = readFileSync(path.join(path.dirname(electron), 'version'), 'utf8').trim()
console.log(
  `Electron ${version}, ${roundCount} rounds, load ${before.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`,
)
for (const what of ['showsMs', 'usableMs'] as const) {
  const [empty, ours] = [of('empty', what), of('edgekeep', what)]
  const over = ours - empty
  console.log(
    `${what.replace('Ms', '').padEnd(7)} empty ${empty.toFixed(0)} ms, Edgekeep ${ours.toFixed(0)} ms: +${over.toFixed(0)} ms (limit +${limits[what]} ms)`,
  )
  if (over > limits[what]) process.exitCode = 1
}
for (const [name, { all, byProcess }] of memory)
  console.log(`memory  ${name} ${all.toFixed(0)} MB: ${byProcess.join(', ')}`)
