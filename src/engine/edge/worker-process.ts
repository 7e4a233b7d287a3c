import { fork } from 'node:child_process'
import type { FromWorker, ToWorker } from './snapshot.ts'

export interface WorkerProcess {
  readonly pid: number | null
  /** Resolves when the message has been handed to the channel. */
  send(message: ToWorker): Promise<void>
  kill(): void
}

export interface WorkerEvents {
  onMessage(message: FromWorker): void
  /** Called once. `reason` is a signal, an exit status or the last words on stderr. */
  onExit(reason: string): void
}

const lastWordsBytes = 4 * 1024

/** Starts the worker on the same Node as this process, with nothing of our environment that it does not need. */
export function startWorkerProcess(entry: string, events: WorkerEvents): WorkerProcess {
  const child = fork(entry, [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    env: inheritedEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let lastWords = ''
  let hasExited = false
  const exit = (reason: string): void => {
    if (hasExited) return
    hasExited = true
    events.onExit(reason)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsBytes)
  })
  child.on('message', (message) => events.onMessage(message as FromWorker))
  child.on('error', (error) => exit(error.message))
  child.on('exit', (status, signal) =>
    exit([signal ?? `status ${status}`, lastWords.trim()].filter(Boolean).join(': ')),
  )
  return {
    get pid() {
      return child.pid ?? null
    },
    send: (message) =>
      new Promise((resolve) => {
        // A channel that is gone means an exit event, which says all there is to say.
        if (!child.connected) resolve()
        else child.send(message, () => resolve())
      }),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** What OpenSSL, the resolver and Windows look at. */
const inheritedNames = [
  'LANG',
  'NODE_EXTRA_CA_CERTS',
  'PATH',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'SystemRoot',
  'TEMP',
  'TZ',
  'windir',
]

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const entries = inheritedNames.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(entries)
}
