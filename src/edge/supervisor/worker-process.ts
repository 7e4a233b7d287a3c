import { fork, type SendHandle } from 'node:child_process'
import { aliveMs, type FromWorker, type ToWorker } from '../protocol/worker-protocol.ts'
import { workerFlags } from './worker-flags.ts'

/** What came instead of a message that was waited for. */
export type Reply = FromWorker | { type: 'exited' } | { type: 'silent' }

export interface WorkerProcess {
  readonly pid: number | null
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>
  /** Resolves when the message has been handed to the channel. */
  send(message: ToWorker, handle?: SendHandle): Promise<void>
  /** The next message that `fits`, or what came instead. */
  next(fits: (message: FromWorker) => boolean): Promise<Reply>
  kill(): void
}

export interface WorkerEvents {
  onMessage(message: FromWorker, handle: SendHandle | undefined): void
  /** It gives no sign of life and is being ended. */
  onStuck(): void
  /** What it sent could not be acted on. */
  onMisread(error: unknown): void
  /** Called once. */
  onExit(end: WorkerEnd): void
}

export interface WorkerEnd {
  /** A signal, an exit status or the last words on stderr. */
  reason: string
  /** It ended itself: an exception that nothing caught, an abort, memory that was not there. Not one that others ended. */
  isFault: boolean
}

/** What a process that is at fault is ended by; others send SIGKILL, SIGTERM and their like. */
const ownSignals: (NodeJS.Signals | null)[] = [
  null,
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]

const lastWordsBytes = 4 * 1024
const answerMs = 10_000
/** So many signs of life may be missed. Counted, not timed, so that a machine may sleep. */
const missedSigns = 5
/** As many before the first: on a busy machine, Node alone may need seconds to start. */
const missedAtStart = 30

/** Starts the worker on the same Node as this process, with nothing of our environment that it does not need. */
export function startWorkerProcess(entry: string, events: WorkerEvents): WorkerProcess {
  const child = fork(entry, [], {
    execPath: process.execPath,
    execArgv: workerFlags,
    serialization: 'advanced',
    env: inheritedEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let isUp = false
  const replies = new Replies()
  const exited = Promise.withResolvers<void>()
  let lastWords = ''
  let missed = 0
  const lifeTimer = setInterval(() => {
    missed += 1
    if (missed <= (isUp ? missedSigns : missedAtStart)) return
    events.onStuck()
    child.kill('SIGKILL')
  }, aliveMs)
  let hasExited = false
  const exit = (end: WorkerEnd): void => {
    if (hasExited) return
    hasExited = true
    clearInterval(lifeTimer)
    replies.end()
    exited.resolve()
    events.onExit(end)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsBytes)
  })
  child.on('message', (value, handle) => {
    const message = value as FromWorker
    missed = 0
    isUp = true
    try {
      events.onMessage(message, handle)
      replies.offer(message)
    } catch (error) {
      // A worker that has been taken over may send anything. That message is without effect.
      events.onMisread(error)
    }
  })
  child.on('error', (error) => exit({ reason: error.message, isFault: true }))
  child.on('exit', (status, signal) => {
    const end = () =>
      exit({
        reason: [signal ?? `status ${status}`, lastWords.trim()].filter(Boolean).join(': '),
        isFault: status !== 0 && ownSignals.includes(signal),
      })
    // What it said last may still be on the channel, and with it what it has counted.
    if (child.connected) child.once('disconnect', end)
    else end()
  })
  return {
    get pid() {
      return child.pid ?? null
    },
    exited: exited.promise,
    send: (message, handle) =>
      new Promise((resolve) => {
        // A channel that is gone means an exit event, which says all there is to say.
        if (!child.connected) resolve()
        else child.send(message, handle, () => resolve())
      }),
    next: (fits) => replies.next(fits, isUp ? answerMs : missedAtStart * aliveMs),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Who waits for which message of a worker. */
class Replies {
  readonly #waiting = new Set<{
    fits: (message: FromWorker) => boolean
    answer: (reply: Reply) => void
  }>()

  next(fits: (message: FromWorker) => boolean, withinMs: number): Promise<Reply> {
    return new Promise((resolve) => {
      const answer = (reply: Reply): void => {
        clearTimeout(timer)
        this.#waiting.delete(entry)
        resolve(reply)
      }
      const timer = setTimeout(() => answer({ type: 'silent' }), withinMs)
      const entry = { fits, answer }
      this.#waiting.add(entry)
    })
  }

  offer(message: FromWorker): void {
    for (const { fits, answer } of this.#waiting) if (fits(message)) answer(message)
  }

  end(): void {
    for (const { answer } of this.#waiting) answer({ type: 'exited' })
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
