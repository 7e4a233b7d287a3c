import fc from 'fast-check'

/** Change to a file, as by damage or attack: octets changed, left out, doubled, moved. */
interface Mutation {
  kind: 'change' | 'drop' | 'repeat' | 'insert'
  /** Position in the file, from 0 to 1. */
  at: number
  length: number
  octets: Uint8Array
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('change', 'change', 'change', 'drop', 'repeat', 'insert'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.integer({ min: 1, max: 16 }),
  octets: fc.uint8Array({ minLength: 1, maxLength: 4 }),
})

export function mutated(originals: Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([original, mutations]) => mutations.reduce(apply, original))
}

function apply(bytes: Uint8Array, { kind, at, length, octets }: Mutation): Uint8Array {
  const start = Math.floor(at * bytes.length)
  const [before, after] = [bytes.subarray(0, start), bytes.subarray(start)]
  switch (kind) {
    case 'change':
      return Buffer.concat([before, octets, after.subarray(octets.length)]).subarray(0, bytes.length)
    case 'drop':
      return Buffer.concat([before, after.subarray(length)])
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after])
    case 'insert':
      return Buffer.concat([before, octets, after])
  }
}

/** Runs of a property: `FUZZ_RUNS` for a long run by hand, else `usual`, which keeps `npm test` short. */
export function fuzzRuns(usual: number): number {
  return Number(process.env['FUZZ_RUNS'] ?? usual)
}
