import { PassThrough } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { confirm } from '../../../../src/cli/flags/confirmation.ts'
import { askSecret } from '../../../../src/cli/input/passphrase.ts'
import { reportFailure } from '../../../../src/cli/output/output.ts'
import { asEdgekeepError } from '../../../../src/client/client.ts'
import { usageError } from '../../../../src/cli/frame/command.ts'

afterEach(() => vi.restoreAllMocks())

/** Error of a question that is answered with `typed` at a terminal; undefined for a yes. */
async function failureAfter(
  typed: string,
  ask: () => Promise<unknown> = () => confirm('Remove shop.test?'),
): Promise<unknown> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => false })
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never)
  vi.spyOn(process, 'stderr', 'get').mockReturnValue(output as never)
  const answer = ask().then(
    () => undefined,
    (error: unknown) => error,
  )
  input.write(typed)
  return answer
}

test('Ctrl-C at a question ends with the status of an interrupted command, and says that nothing was changed', async () => {
  const failure = asEdgekeepError(await failureAfter('\u0003'))
  expect(failure.message).toBe('Nothing was changed.')
  expect(reportFailure(failure, false)).toBe(130)
})

test('Ctrl-C at a passphrase ends as at a question, and Ctrl-D gives none', async () => {
  const ask = () => askSecret('Passphrase')
  expect(reportFailure(asEdgekeepError(await failureAfter('hunt\u0003', ask)), false)).toBe(130)
  expect(await failureAfter('hunt\u0004', ask)).toEqual(usageError('No passphrase was given.'))
})

test('Ctrl-D at a question is a no', async () => {
  expect(await failureAfter('\u0004')).toEqual(usageError('Nothing was changed.'))
})

test('a question is answered by a line', async () => {
  expect(await failureAfter('y\r')).toBeUndefined()
  expect(await failureAfter('n\r')).toEqual(usageError('Nothing was changed.'))
})
