import { expect, test, vi } from 'vitest'
import { isPacked, unpacked } from '../../../../../src/contract/inspect/packed-files.ts'
import {
  type InspectCalls,
  InspectionSession,
} from '../../../../../src/renderer/features/inspector/inspection-session.ts'

function opening() {
  const open = vi.fn(async (_input: { files: File[] }) => ({ sessionId: 's1', report: null }))
  return { open, session: new InspectionSession({ open } as unknown as InspectCalls) }
}
const filesOf = (count: number) => Array.from({ length: count }, (_, at) => new File([`${at}`], `${at}.pem`))

test('sends hundreds of files as one, however many there are', async () => {
  const { open, session } = opening()
  await session.add(filesOf(200))
  const [{ files }] = open.mock.calls[0]!
  expect(files).toHaveLength(1)
  expect(isPacked(files[0]!)).toBe(true)
  const sent = unpacked(new Uint8Array(await files[0]!.arrayBuffer()))
  expect(sent.map(({ name, bytes }) => `${name}=${new TextDecoder().decode(bytes)}`)).toEqual(
    Array.from({ length: 200 }, (_, at) => `${at}.pem=${at}`),
  )
})

test('sends a few as they are', async () => {
  const { open, session } = opening()
  const files = filesOf(30)
  await session.add(files)
  expect(open).toHaveBeenCalledExactlyOnceWith({ files })
})
