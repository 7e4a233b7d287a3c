import { createInterface } from 'node:readline'
import { Interruption } from '../frame/command.ts'

/**
 * Asks at the terminal. Null at the end of input, as after Ctrl-D.
 * @throws `Interruption` after Ctrl-C
 */
export async function askLine(question: string): Promise<string | null> {
  const { stdin: input, stderr: output } = process
  const { promise, resolve, reject } = Promise.withResolvers<string | null>()
  const terminal = createInterface({ input, output })
  const endLine = () => output.write('\n')
  terminal.once('SIGINT', () => {
    endLine()
    reject(new Interruption())
  })
  const onClose = () => {
    endLine()
    resolve(null)
  }
  terminal.once('close', onClose)
  terminal.question(question, resolve)
  try {
    return await promise
  } finally {
    terminal.off('close', onClose)
    terminal.close()
  }
}
