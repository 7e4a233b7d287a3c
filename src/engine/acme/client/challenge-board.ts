import type { ShownChallenges } from '../../../edge/protocol/snapshot.ts'
import type { ChallengeTask } from './challenges.ts'

export type BoardEntry = ChallengeTask & { certificate?: { certificatePem: string; keyPem: string } }

/** Challenges that the edge answers while orders run; in memory only, as orders are. */
export class ChallengeBoard {
  readonly #entries = new Set<BoardEntry>()

  add(entry: BoardEntry): void {
    this.#entries.add(entry)
  }

  remove(task: ChallengeTask): void {
    for (const entry of this.#entries)
      if (entry.type === task.type && entry.name === task.name && entry.token === task.token)
        this.#entries.delete(entry)
  }

  shown(): ShownChallenges {
    const entries = [...this.#entries]
    return {
      http: entries
        .filter(({ type }) => type === 'http-01')
        .map(({ name, token, keyAuthorization }) => ({ hostname: name, token, keyAuthorization })),
      tls: entries.flatMap(({ name, certificate }) =>
        certificate ? [{ hostname: name, ...certificate }] : [],
      ),
    }
  }
}
