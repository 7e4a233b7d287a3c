import { parseArgs } from 'node:util'
import { fuzzEdge } from '../support/edge/fuzz/fuzz-edge.ts'

/**
 * Runs hostile clients and origins against the edge, HTTP/1.1 and HTTP/2 in both directions, one case after
 * the other. Exits with 1 if an exception would have ended the worker, the edge reported an internal fault,
 * another domain got no answer, or an origin got a client's field that imitates the edge's own: `npm run
 * conformance -- edge-fuzz [--seconds 3600 --cases 1000000 --seed 1]`. A case follows from its number: `--seed NUMBER
 * --cases 1` repeats it.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' },
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
console.log(`Seed ${seed}`)
const { cases, answers, problems } = await fuzzEdge({
  seed,
  seconds: Number(values.seconds),
  cases: Number(values.cases),
  onProblem: (problem) => console.log(problem),
})
console.log(
  `${cases} cases; ${answers.http1} answers over HTTP/1.1 and ${answers.http2} over HTTP/2; ${problems} problems`,
)
process.exit(problems === 0 && answers.http1 + answers.http2 > 0 ? 0 : 1)
