import type { EngineOptions } from '../engine-process/spawn-engine.ts'

export const engineOptions: EngineOptions = { portTaken: 'next' }
