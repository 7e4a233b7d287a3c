import { join } from 'node:path'

/** The edge worker as it ships, which starts in a quarter of the time that the sources take; `built-product.ts` builds it. */
export const workerEntry = join(import.meta.dirname, '../../out/node/edge-worker.js')
