import { z } from 'zod'

/** ISO 8601 in UTC, `2026-11-24T14:36:00.000Z`. */
export const timeSchema = z.iso.datetime()
