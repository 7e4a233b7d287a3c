import { pathToFileURL } from 'node:url'
import { workerEntry } from '../built-worker.ts'

/** The built edge worker, which crashes as `dying-worker.ts` does. */
await import('./crash-at-killer.ts')
await import(pathToFileURL(workerEntry).href)
