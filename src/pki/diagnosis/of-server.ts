import type { Diagnosed, Diagnosis } from '../../contract/inspect/diagnosis.ts'
import type { Diagnoses } from './diagnose.ts'

/** These concern files, not a server: it has its key, or the handshake would have failed. */
const ofFilesOnly = new Set(['key-missing', 'collection-without-key'])

/** Drops diagnoses that concern only files; without any other the chain is good. */
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
