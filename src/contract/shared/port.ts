import { z } from 'zod'

export const portSchema = z.number().int().min(1).max(65535)
