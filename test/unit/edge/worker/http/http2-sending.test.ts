import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('nothing of the edge but http2-sending hands fields to node:http2', () => {
  const calls =
    /\b(?:stream|session|\w*Stream|\w*Session)\.(?:respond|additionalHeaders|sendTrailers|request|pushStream|respondWithFile|respondWithFD)\(/
  const files = globSync('src/edge/**/*.ts').filter((file) => !file.endsWith('http2-sending.ts'))
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => calls.test(readFileSync(file, 'utf8')))).toEqual([])
})
