import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import type { ClientTimeline, Link } from '../../contract/inspect/timeline.ts'
import { shortDate } from '../facts/format-time.ts'
import type { ClientProfile } from './clients.ts'

type Stage = ClientTimeline['stages'][number]
type Reference = Verification['path'][number]

/** Verdicts of one client at `now` and after each later moment. */
export function clientTimeline(
  { id, name, rule }: ClientProfile,
  [now = 0, ...later]: number[],
  verifyAt: (moment: number) => Verification,
): ClientTimeline {
  const about = { client: id, name, rule }
  const first = verifyAt(now)
  if (!first.ok) return { ...about, ...invalidNow(first) }
  const stages: Stage[] = [stageOf(first, now)]
  for (const moment of later) {
    const next = verifyAt(moment)
    if (gaveUp(next)) {
      const sentence = `What it says from ${shortDate(moment)} on is not known: there are too many possible paths, so the search was stopped.`
      return {
        ...about,
        validNow: true,
        firstInvalidAt: null,
        endedBy: null,
        sentence,
        stages: close(stages, moment),
      }
    }
    if (!next.ok) {
      const endedBy = brokenLink(next)
      const sentence = endSentence(endedBy, moment, stages.length)
      return {
        ...about,
        validNow: true,
        firstInvalidAt: iso(moment),
        endedBy,
        sentence,
        stages: close(stages, moment),
      }
    }
    if (!isSamePath(stages.at(-1), next))
      stages.splice(0, stages.length, ...close(stages, moment), stageOf(next, moment))
  }
  const sentence = 'Nothing that is at hand ends it.'
  return { ...about, validNow: true, firstInvalidAt: null, endedBy: null, sentence, stages }
}

/** The search was exhausted: validity is unknown. */
function gaveUp({ ok, candidates }: Verification): boolean {
  return !ok && candidates.some(({ broken }) => broken?.code === 'search_exhausted')
}

function invalidNow(
  verification: Verification,
): Pick<ClientTimeline, 'validNow' | 'firstInvalidAt' | 'endedBy' | 'sentence' | 'stages'> {
  const endedBy = verification.answers.validity.ok ? null : brokenLink(verification)
  return { validNow: false, firstInvalidAt: null, endedBy, sentence: reasonOf(verification), stages: [] }
}

/** Reason of the first negative answer; validity first, because the timeline is about time. */
function reasonOf({ answers: { validity, authority, signature, name } }: Verification): string {
  const no = [validity, authority, signature, name].find((answer) => answer && !answer.ok)
  return no?.reason ?? 'It is not valid.'
}

const iso = (time: number): string => new Date(time).toISOString()

/** `until` is set when the stage ends; the last possible moment means "for good". */
const forGood = iso(Date.UTC(9999, 11, 31, 23, 59, 59))

function stageOf({ path }: Verification, from: number): Stage {
  return { from: iso(from), until: forGood, path: path.map((_, index) => linkOf(path, index)) }
}

function close(stages: Stage[], moment: number): Stage[] {
  return stages.map((stage, index) =>
    index === stages.length - 1 ? { ...stage, until: iso(moment - 1000) } : stage,
  )
}

function linkOf(path: Reference[], index: number): Link {
  const { title, fingerprintSha256 } = path[index] as Reference
  const role = index === 0 ? 'leaf' : index === path.length - 1 ? 'root' : 'intermediate'
  return { role, title, fingerprintSha256 }
}

/** The certificate at which the nearest path broke. */
function brokenLink({ candidates: [nearest] }: Verification): Link | null {
  if (!nearest?.broken || !nearest.certificates[nearest.broken.index]) return null
  return linkOf(nearest.certificates, nearest.broken.index)
}

function isSamePath(stage: Stage | undefined, { path }: Verification): boolean {
  const key = (links: Reference[]) => links.map(({ fingerprintSha256 }) => fingerprintSha256).join()
  return stage !== undefined && key(stage.path) === key(path)
}

const called = { leaf: 'the certificate itself', intermediate: 'the intermediate', root: 'the root' } as const

function endSentence(endedBy: Link | null, moment: number, stages: number): string {
  const day = shortDate(moment)
  const detour = stages > 1 ? ' Until then another path takes over where one ends.' : ''
  if (!endedBy) return `It stops being valid on ${day}.${detour}`
  const what = endedBy.role === 'leaf' ? called.leaf : `${called[endedBy.role]} “${endedBy.title}”`
  return `It stops being valid on ${day}, when ${what} ends.${detour}`
}
