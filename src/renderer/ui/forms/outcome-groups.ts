import type { TrustOutcome } from '../../../contract/trust/trust.ts'

export interface OutcomeGroup extends Pick<TrustOutcome, 'outcome' | 'sentence'> {
  titles: string[]
}

/** Outcomes with what is not done first; those with one reason are one group. */
export interface OrderedOutcomes {
  missed: OutcomeGroup[]
  /** Steps that were left out because another one is not done. */
  consequences: TrustOutcome[]
  done: OutcomeGroup[]
}

export function orderedOutcomes(outcomes: readonly TrustOutcome[]): OrderedOutcomes {
  const isMissed = ({ outcome }: TrustOutcome) => outcome === 'failed' || outcome === 'skipped'
  const isConsequence = ({ dependsOn }: TrustOutcome) => dependsOn !== null
  return {
    missed: grouped(outcomes.filter((each) => isMissed(each) && !isConsequence(each))),
    consequences: outcomes.filter((each) => isMissed(each) && isConsequence(each)),
    done: grouped(outcomes.filter((each) => !isMissed(each))),
  }
}

function grouped(outcomes: readonly TrustOutcome[]): OutcomeGroup[] {
  const groups: OutcomeGroup[] = []
  for (const { outcome, sentence, title } of outcomes) {
    const same = groups.find((each) => each.outcome === outcome && each.sentence === sentence)
    if (same) same.titles.push(title)
    else groups.push({ outcome, sentence, titles: [title] })
  }
  return groups
}
