import type { ShownChallenges } from '../../../edge/protocol/snapshot.ts'
import type { ChallengeTask } from './challenges.ts'

/** A challenge that the edge answers, with the certificate that tls-alpn-01 needs. */
export type BoardEntry = ChallengeTask & { certificate?: { certificatePem: string; keyPem: string } }

/** What the edge shows to authorities while orders run. It is in memory alone, and so are orders. */
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
