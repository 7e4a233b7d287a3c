import { absent } from '../needs.ts'

/**
 * Reason why a test cannot give its processes another /etc and network with these programs; null if it
 * can.
 */
export function whyNoOwnNetwork(programs: string[]): string | null {
  if (process.getuid?.() !== 0) return 'only root can give one process another /etc and network'
  return absent(...programs)
}
