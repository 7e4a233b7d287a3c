import fc from 'fast-check'
import { http2Cases } from '../http2-cases/cases.ts'
import { frame, preface, readFrames, type SeenFrame } from '../http2-frames.ts'

/** Frames of the cases, which are listed after their preface. */
const originals = http2Cases
  .filter(({ bytes }) => bytes.subarray(0, preface.length).equals(preface))
  .map(({ bytes }) => readFrames(bytes.subarray(preface.length)).slice(0, 12))
  .filter((frames) => frames.length > 0)

interface Damage {
  kind: 'type' | 'flags' | 'stream' | 'octet' | 'cut' | 'repeat' | 'drop' | 'swap'
  at: number
  place: number
  value: number
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('type', 'flags', 'stream', 'octet', 'octet', 'cut', 'repeat', 'drop', 'swap'),
  at: fc.integer({ min: 0, max: 1_000 }),
  place: fc.integer({ min: 0, max: 1_000 }),
  value: fc.integer({ min: 0, max: 255 }),
})

/** A client's bytes: the preface, and frames of one to three cases, damaged. */
export const mutatedFrames: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.constantFrom(...originals), { minLength: 1, maxLength: 3 }),
    fc.array(damage, { maxLength: 4 }),
  )
  .map(([cases, damages]) => {
    const frames = damages.reduce(apply, cases.flat())
    return Buffer.concat([
      preface,
      ...frames.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload)),
    ])
  })

function apply(frames: SeenFrame[], { kind, at, place, value }: Damage): SeenFrame[] {
  const index = at % Math.max(1, frames.length)
  const one = frames[index]
  if (!one) return frames
  const { payload } = one
  const spot = place % Math.max(1, payload.length)
  switch (kind) {
    case 'type':
      return frames.with(index, { ...one, type: value % 18 })
    case 'flags':
      return frames.with(index, { ...one, flags: value })
    case 'stream':
      return frames.with(index, { ...one, stream: value % 8 })
    case 'octet':
      return frames.with(index, {
        ...one,
        payload: Buffer.concat([payload.subarray(0, spot), Buffer.from([value]), payload.subarray(spot + 1)]),
      })
    case 'cut':
      return frames.with(index, { ...one, payload: payload.subarray(0, spot) })
    case 'repeat':
      return frames.toSpliced(index, 0, one)
    case 'drop':
      return frames.toSpliced(index, 1)
    case 'swap':
      return [...frames.toSpliced(index, 1), one]
  }
}
