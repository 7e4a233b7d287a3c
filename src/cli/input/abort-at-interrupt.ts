import { printError } from '../output/output.ts'

/** Signal that Ctrl-C aborts, once; the second ends the process as usual. */
export function abortAtInterrupt(message: string): AbortController & Disposable {
  const controller = new AbortController()
  const interrupted = () => {
    controller.abort()
    printError(`\n${message} Ctrl-C again ends at once.`)
  }
  process.once('SIGINT', interrupted)
  return Object.assign(controller, { [Symbol.dispose]: () => void process.off('SIGINT', interrupted) })
}
