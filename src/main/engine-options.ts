import type { EngineOptions } from '../engine-process/spawn-engine.ts'

/** How the app's own engine is started, ahead of the window or later. */
export const engineOptions: EngineOptions = { portTaken: 'next' }
