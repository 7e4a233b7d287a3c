import { Interruption, type Result } from '../frame/command.ts'
import { type EdgekeepError, problemOf } from '../../contract/errors/registry.ts'
import { visibleLines } from '../../contract/text/visible-text.ts'
import { coloured } from './colour.ts'
import { withMoments } from './times.ts'

const exitCodes = { state: 1, input: 2, trouble: 3 } as const
/** 128 and the number of SIGINT, as shells have it. */
const interruptedCode = 130

/** Prints a result. Returns the exit status: 0 yes, 1 no, 2 wrong usage or input, 3 engine failure. */
export function report({ data, text, isDocument, no }: Result, json: boolean, verbose = false): number {
  if (json)
    printLine(JSON.stringify(no ? { ok: false, error: problemOf(no), ...data } : { ok: true, ...data }))
  else if (isDocument) printLine(text)
  else printText(withMoments(verbose ? text : withoutVersion(text)))
  return no ? exitCodeOf(no) : 0
}

export function reportFailure(error: EdgekeepError, json: boolean): number {
  if (json) printLine(JSON.stringify({ ok: false, error: problemOf(error) }))
  else printError(['edgekeep:', withMoments(error.message), ...passphraseHint([error])].join(' '))
  return exitCodeOf(error)
}

/** Errors that the passphrase of a file answers. */
const answeredByPassphrase = new Set(['key.encrypted', 'key.wrong_passphrase', 'input.locked'])

/** Line that names the option, if one of the errors is about a passphrase. */
export function passphraseHint(errors: readonly { code: string }[]): string[] {
  const isNeeded = errors.some(({ code }) => answeredByPassphrase.has(code))
  return isNeeded ? ['Give the passphrase on standard input with --password-stdin.'] : []
}

function exitCodeOf(error: EdgekeepError): number {
  return error instanceof Interruption ? interruptedCode : exitCodes[error.kind]
}

/**
 * Escapes control characters, so that foreign text cannot control the terminal. In JSON the escapes stand for
 * the original.
 */
export function printLine(text: string): void {
  const visible = visibleLines(text)
  process.stdout.write(visible.endsWith('\n') ? visible : `${visible}\n`)
}

/** Like `printLine` for sentences and tables, with colours at a terminal. */
function printText(text: string): void {
  process.stdout.write(`${coloured(visibleLines(text).trimEnd(), process.stdout)}\n`)
}

/**
 * Removes the quiet answer of `formatEffect`: a change in effect is what everybody expects. A sentence after it
 * keeps its line.
 */
function withoutVersion(text: string): string {
  return text
    .replaceAll(/(^|\n)In effect \(configuration \d{1,15}\)\. /g, '$1')
    .replaceAll(/(?:^|\n\n|[ \n])In effect \(configuration \d{1,15}\)\./g, '')
}

/** Message beside the result: on stderr, so that stdout has the result alone. */
export function printError(text: string): void {
  process.stderr.write(`${coloured(visibleLines(text), process.stderr)}\n`)
}
