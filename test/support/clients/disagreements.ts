import { clientCases } from './cases.ts'
import { createWorkshop } from './client-case.ts'
import { knownDifferences } from './known-differences.ts'
import { packedPrograms, packVerdict } from './pack-verdict.ts'
import { accepts } from './program.ts'
import type { Recorded } from './recorded.ts'

export interface Disagreement {
  /** `firefox form-must-staple`. */
  cell: string
  theirs: string
  ours: string
  /** Reason of a known difference. */
  known: string | undefined
}

/** Cells in which the packs and the recorded programs differ. A warning is no refusal. */
export function disagreements({ cases }: Recorded): Disagreement[] {
  const workshop = createWorkshop()
  return clientCases.flatMap((each) => {
    const answers = cases[each.id]
    if (!answers) return []
    const chain = each.make(workshop)
    return packedPrograms.flatMap((program): Disagreement[] => {
      const theirs = answers[program]
      if (theirs === undefined) return []
      const { verdict, sentence } = packVerdict(program, each, chain, workshop)
      if ((verdict === 'refuses') !== (theirs === accepts)) return []
      const cell = `${program} ${each.id}`
      return [{ cell, theirs, ours: sentence, known: knownDifferences[cell] }]
    })
  })
}
