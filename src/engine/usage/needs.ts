import type { Core } from '../core/core.ts'
import type { Metering } from './metering.ts'

export interface UsageNeeds extends Core {
  metering: Metering
  startedAt: Date
}
