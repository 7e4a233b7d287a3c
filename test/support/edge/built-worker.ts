import { join } from 'node:path'

/** The shipped edge worker, which starts four times as fast as the sources; `built-product.ts` builds it. */
export const workerEntry = join(import.meta.dirname, '../../../out/node/edge-worker.js')
