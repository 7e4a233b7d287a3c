import { config } from 'zod'

// The window's policy allows no eval; zod would try it once for each window and be reported for it.
config({ jitless: true })
