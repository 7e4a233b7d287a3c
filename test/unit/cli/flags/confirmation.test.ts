import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { confirm } from '../../../../src/cli/flags/confirmation.ts'

const { stdin, stderr } = process
let output = ''

/** Terminal at which a person answers each question with the next of `answers`. */
function answering(...answers: string[]): void {
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  const shown = new PassThrough()
  shown.on('data', (piece: Buffer) => {
    output += piece.toString()
    if (piece.includes('? [y/N')) terminal.write(`${answers.shift() ?? ''}\n`)
  })
  Object.defineProperty(process, 'stdin', { value: terminal, configurable: true })
  Object.defineProperty(process, 'stderr', { value: shown, configurable: true })
}

beforeEach(() => (output = ''))
afterEach(() => {
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true })
  Object.defineProperty(process, 'stderr', { value: stderr, configurable: true })
})

describe('a question after a plan', () => {
  test('shows the script on request, and asks again', async () => {
    answering('?', 'y')
    const explain = vi.fn()
    await confirm('Do all of that?', explain)
    expect(explain).toHaveBeenCalledOnce()
    expect(output).toContain('Do all of that? [y/N, ? shows the script]')
  })

  test('shows no script that nobody asked for', async () => {
    answering('y')
    const explain = vi.fn()
    await confirm('Do all of that?', explain)
    expect(explain).not.toHaveBeenCalled()
  })

  test.each(['', 'n', '??'])('takes %j for no', async (answer) => {
    answering(answer)
    await expect(confirm('Do all of that?', vi.fn())).rejects.toThrow('Nothing was changed.')
  })
})
