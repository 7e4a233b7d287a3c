import { config } from 'zod'

// The CSP forbids eval. Zod would probe it once per window, which is reported as a violation.
config({ jitless: true })
