import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/*
 * Runs commands one after the other in one process, the built command line each time anew: a process of its own
 * for each takes a third of a second of processor time, almost all of it for loading. Started by `hosted-commands.ts`.
 */

export interface HostedCommand {
  cwd: string
  words: string[]
  input: string
}

export interface HostedAnswer {
  status: number
  out: string
  err: string
}

const commandLine = join(import.meta.dirname, '../../../out/node/cli.js')
let commands = 0

/** Rest of the command's input, which replaces the one standard input of the process. */
let unread = Buffer.alloc(0)
const readSync = fs.readSync
fs.readSync = ((file: number, into: Uint8Array, ...where: [never]) => {
  if (file !== 0) return readSync(file, into, ...where)
  const size = unread.copy(into)
  unread = unread.subarray(size)
  return size
}) as typeof fs.readSync
syncBuiltinESMExports()

/** The pipe of standard error; the channel counts while it is waited for. */
process.stderr.on('error', () => process.exit())
process.channel?.unref()
const alwaysThere = process.getActiveResourcesInfo().length
process.channel?.ref()

process.on('message', (command: HostedCommand) => void answer(command))
process.on('disconnect', () => process.exit())

async function answer({ cwd, words, input }: HostedCommand): Promise<void> {
  const before = process.rawListeners('disconnect')
  process.chdir(cwd)
  process.argv = [process.execPath, commandLine, ...words]
  process.exitCode = undefined
  unread = Buffer.from(input)
  const [out, err] = [heard(process.stdout), heard(process.stderr)]
  commands += 1
  await import(`${commandLine}?${commands}`)
  await nothingKeepsTheProcess()
  // Removes the command's listeners, which are for the end of a process, so that they do not pile up.
  for (const listener of process.rawListeners('disconnect'))
    if (!before.includes(listener)) process.off('disconnect', listener as () => void)
  process.stdout.removeAllListeners('error')
  process.channel?.ref()
  process.send?.({ status: Number(process.exitCode ?? 0), out: out(), err: err() } satisfies HostedAnswer)
}

/** Ends a command as a process of its own would end: when nothing keeps it alive. */
async function nothingKeepsTheProcess(): Promise<void> {
  process.channel?.unref()
  while (process.getActiveResourcesInfo().length > alwaysThere) await pause(5)
}

/** Collects the stream's later output. */
function heard(stream: NodeJS.WriteStream): () => string {
  const chunks: Buffer[] = []
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, written?: unknown) => {
    chunks.push(Buffer.from(chunk as string))
    const done = typeof encoding === 'function' ? encoding : written
    if (typeof done === 'function') queueMicrotask(() => done(null))
    return true
  }
  return () => Buffer.concat(chunks).toString('utf8')
}
