import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { areUnexplained, reactionsTo } from '../support/edge/http2/beside-nghttp2.ts'
import { breakOff } from '../support/edge/http2/broken-off.ts'
import { mutatedFrames } from '../support/edge/http2/mutated-frames.ts'
import { Chance } from '../support/edge/soak/chance.ts'

/**
 * Sends damaged frames to the edge's HTTP/2 and to nghttp2, and once more over a socket that fails in the
 * middle. Exits with 1 after an internal fault, an open stream on a closed connection, or bytes that only the
 * edge accepts: `npm run conformance -- http2-fuzz [--cases 1000000 --seconds 3600 --seed 1]`. A case follows
 * from its number: `--seed NUMBER --cases 1` repeats it.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const endAt = Date.now() + Number(values.seconds) * 1_000
let cases = 0
let problems = 0
console.log(`Seed ${seed}`)
for (; cases < Number(values.cases) && Date.now() < endAt; cases += 1) {
  const number = seed + cases
  const [bytes] = fc.sample(mutatedFrames, { seed: number, numRuns: 1 })
  const reactions = await reactionsTo(bytes!)
  const broken = await breakOff(bytes!, new Chance(number))
  if (!areUnexplained(reactions) && broken.faults.length + broken.left === 0) continue
  problems += 1
  console.log(`Case ${number}: ${JSON.stringify({ reactions, broken })}`)
}
console.log(`${cases} cases; ${problems} problems`)
process.exit(problems === 0 && cases > 0 ? 0 : 1)
