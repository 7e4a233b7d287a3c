import { join } from 'node:path'

const repository = join(import.meta.dirname, '../../..')

/** The shipped edge worker, which starts four times as fast as the sources; `built-product.ts` builds it. */
export const workerEntry = join(
  repository,
  process.env['EDGEKEEP_FROM_SOURCE'] === '1' ? 'src/edge/worker/worker.ts' : 'out/node/edge-worker.js',
)
