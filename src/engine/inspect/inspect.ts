import type { Inspected, RuledQuestion } from '../../contract/inspect/procedures.ts'
import { comparedSide, givenRoots, type InspectionQuestion } from '../../pki/inspect/inspect.ts'
import type { Side } from '../../pki/comparison/comparison.ts'
import type { InputFile, Intake } from '../../pki/intake/intake.ts'
import type { KeyWorkOptions } from '../../pki/formats/key-work.ts'
import { readIntake, unlockAllOf } from '../../pki/intake/opening.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import { trustedAnchors } from '../certificates/verdicts.ts'
import { publicRoots } from '../certificates/anchors.ts'
import type { Core } from '../core/core.ts'
import type { FileSession, FileSessions, SessionOwner } from './file-sessions.ts'

/**
 * Inspection sessions: the files of a window, read once, for questions by id. Keys are zeroed as soon as the
 * report is made, because no question needs them, and no passphrase is kept: what it opened stays open.
 */
export interface Inspections {
  open(owner: SessionOwner, files: InputFile[], work: KeyWorkOptions): Promise<Inspected>
  add(sessionId: string, files: InputFile[]): Inspected
  unlock(sessionId: string, passphrase: string, work: KeyWorkOptions): Promise<Inspected>
  close(sessionId: string): void
  /** @throws `staging.expired`, as all that takes an id */
  session(sessionId: string): FileSession
  /** Trust anchors of this computer, or of the session that is named. */
  question(asked: RuledQuestion): InspectionQuestion
  side(asked: { sessionId: string; leafSha256?: string }): Side
}

export function createInspections(parts: Core, sessions: FileSessions): Inspections {
  const session = (sessionId: string) => sessions.get(sessionId, 'inspection')
  const answer = (sessionId: string): Inspected => {
    const { intake } = session(sessionId)
    const { report } = intake
    intake.forgetKeys()
    scheduleGc()
    return { sessionId, report }
  }
  const certificatesIn = (intake: Intake) => [...intake.certificates().values()]

  return {
    async open(owner, files, work) {
      const intake = await readIntake(files, work)
      const names = files.map(({ name }) => name)
      return answer(sessions.open(owner, { intake, use: 'inspection', names }))
    },
    add(sessionId, files) {
      const { intake, names } = session(sessionId)
      intake.add(files)
      names?.push(...files.map(({ name }) => name))
      return answer(sessionId)
    },
    async unlock(sessionId, passphrase, work) {
      await unlockAllOf(session(sessionId).intake, passphrase, work)
      return answer(sessionId)
    },
    close: sessions.end,
    session,
    question: ({ anchors, at, profile, ...asked }) => ({
      ...asked,
      at: momentOf(parts, at),
      anchors: anchors ? givenRoots(certificatesIn(session(anchors).intake)) : trustedAnchors(parts),
      publicRoots: publicRoots(),
      webProfile: profile === 'web',
    }),
    side: ({ sessionId, leafSha256 }) => comparedSide(session(sessionId).intake, leafSha256),
  }
}

export function momentOf({ clock }: Pick<Core, 'clock'>, at: string | undefined): Date {
  return at === undefined ? clock() : new Date(at)
}
