import { expect, test, vi } from 'vitest'
import { isPacked, unpacked } from '../../../../../src/contract/inspect/packed-files.ts'
import { packingCalls, type InspectCalls } from '../../../../../src/renderer/features/inspector/calls.ts'

function reading() {
  const read = vi.fn(async (_input: { files: File[]; passphrase?: string }) => null)
  return { read, calls: packingCalls({ read } as unknown as InspectCalls) }
}
const filesOf = (count: number) => Array.from({ length: count }, (_, at) => new File([`${at}`], `${at}.pem`))

test('sends hundreds of files as one, however many there are', async () => {
  const { read, calls } = reading()
  await calls.read({ files: filesOf(200), passphrase: 'p' })
  const [{ files, passphrase }] = read.mock.calls[0]!
  expect(passphrase).toBe('p')
  expect(files).toHaveLength(1)
  expect(isPacked(files[0]!)).toBe(true)
  const sent = unpacked(new Uint8Array(await files[0]!.arrayBuffer()))
  expect(sent.map(({ name, bytes }) => `${name}=${new TextDecoder().decode(bytes)}`)).toEqual(
    Array.from({ length: 200 }, (_, at) => `${at}.pem=${at}`),
  )
})

test('sends a few as they are', async () => {
  const { read, calls } = reading()
  const files = filesOf(30)
  await calls.read({ files })
  expect(read).toHaveBeenCalledExactlyOnceWith({ files })
})
