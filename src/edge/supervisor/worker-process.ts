import { fork, type SendHandle } from 'node:child_process'
import { aliveMs, type FromWorker, type ToWorker } from '../protocol/worker-protocol.ts'

export type Reply = FromWorker | { type: 'exited' } | { type: 'silent' }

export interface WorkerEvents {
  onMessage(message: FromWorker, handle: SendHandle | undefined): void
  onStuck(): void
  onMisread(error: unknown): void
  /** Called once. */
  onExit(end: WorkerEnd): void
}

export interface WorkerEnd {
  /** Signal or exit status, with the last output on stderr. */
  reason: string
  /** Crash: an uncaught exception, an abort or out of memory. False if others ended the process. */
  isFault: boolean
}

/** Signals of a crash; others end a process by SIGKILL, SIGTERM and similar. */
const ownSignals: (NodeJS.Signals | null)[] = [
  null,
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]

/**
 * Node flags of a worker. SIGUSR1 opens no inspector. Requests create many short-lived objects, over HTTP/2
 * most of all: a young generation larger than 1 MiB copies far fewer of them. Measured in
 * docs/decisions/0005.
 */
export const workerFlags = ['--disable-sigusr1', '--min-semi-space-size=16', '--max-semi-space-size=32']

const stderrTailBytes = 4 * 1024
const answerMs = 10_000
/** Missed heartbeats before a worker counts as stuck. Counted, not timed, so that a machine may sleep. */
const missedSigns = 3
/** Limit before the first heartbeat: on a busy machine, Node alone may need seconds to start. */
const missedAtStart = 15

export type WorkerProcess = ReturnType<typeof startWorkerProcess>

/** Starts the worker on the same Node as this process, with a minimal environment. */
export function startWorkerProcess(entry: string, events: WorkerEvents) {
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
  let stderrTail = ''
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
    stderrTail = (stderrTail + text).slice(-stderrTailBytes)
  })
  child.on('message', (value, handle) => {
    const message = value as FromWorker
    missed = 0
    isUp = true
    try {
      events.onMessage(message, handle)
      replies.offer(message)
    } catch (error) {
      // A compromised worker may send anything. A bad message has no effect.
      events.onMisread(error)
    }
  })
  child.on('error', (error) => exit({ reason: error.message, isFault: true }))
  child.on('exit', (status, signal) => {
    const end = () =>
      exit({
        reason: [signal ?? `status ${status}`, stderrTail.trim()].filter(Boolean).join(': '),
        isFault: status !== 0 && ownSignals.includes(signal),
      })
    // Last messages, with the last usage, may still be on the channel.
    if (child.connected) child.once('disconnect', end)
    else end()
  })
  return {
    get pid(): number | null {
      return child.pid ?? null
    },
    exited: exited.promise,
    /** Resolves when the message has been handed to the channel. */
    send: (message: ToWorker, handle?: SendHandle) =>
      new Promise<void>((resolve) => {
        // A closed channel means that an exit event follows with the reason.
        if (!child.connected) resolve()
        else child.send(message, handle, () => resolve())
      }),
    /** Resolves with the next message that `fits`, or the reason why none came. */
    next: (fits: (message: FromWorker) => boolean): Promise<Reply> =>
      replies.next(fits, isUp ? answerMs : missedAtStart * aliveMs),
    kill: () => void child.kill('SIGKILL'),
  }
}

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

/** Environment variables that OpenSSL, the resolver and Windows read. */
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
