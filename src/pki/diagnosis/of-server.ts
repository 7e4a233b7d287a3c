import type { Diagnosed, Diagnosis } from '../../contract/diagnosis.ts'
import type { Diagnoses } from './diagnose.ts'

/** About files, not about what a server sends: it has its key, or there would have been no handshake. */
const ofFilesOnly = new Set(['key-missing', 'collection-without-key'])

/** The same said of a server that was asked, for which a key is no matter. */
export function ofServer(
  { diagnosis, others }: Diagnoses,
  title: string,
): Pick<Diagnosed, 'diagnosis' | 'others'> {
  const [first, ...rest] = [diagnosis, ...others].filter(({ situation }) => !ofFilesOnly.has(situation))
  return { diagnosis: first ?? served(title), others: rest }
}

function served(title: string): Diagnosis {
  return {
    situation: 'good',
    severity: 'good',
    sentence: `The server sends a valid certificate for ${title} with a complete chain.`,
    nextStep: 'No action is needed.',
    pieces: [],
  }
}
