import type { Obstacle, TrustState, TrustStoreView } from '../../../contract/trust.ts'
import type { WantedRoots } from './roots.ts'

export interface StoreReading {
  state: TrustState
  sentence: string
  /** Fingerprints of ours that are in it. */
  present: string[]
}

/** One store of this computer. Every call concerns this store alone and says what failed. */
export interface TrustStore {
  id: string
  kind: TrustStoreView['kind']
  title: string
  location: string
  /** A change of it needs the rights of the administrator. */
  elevated: boolean
  /** It is read by more than this person, and so is only added to where a client of its own is asked for by name. */
  isWide?: boolean
  read(wanted: WantedRoots): Promise<StoreReading>
  /** Why it cannot be changed now. */
  obstacle(): Promise<Obstacle | null>
  /** A sentence: what a change does. */
  change(action: 'install' | 'undo'): string
  /** What an administrator's shell runs for it, or what Edgekeep itself runs, to be shown; empty where it changes files. */
  commands(action: 'install' | 'undo', wanted: WantedRoots): string
  /**
   * Puts the wanted roots in and takes earlier ones out.
   * @throws an error whose message is a sentence
   */
  put(wanted: WantedRoots): Promise<void>
  /** Takes all of ours out again. */
  takeOut(wanted: WantedRoots): Promise<void>
  /** The files that a change touches, whose bytes are kept for an exact undo; none where a service of the system keeps them. */
  files(wanted: WantedRoots): string[]
}

/** What is said in the same words of every store, from what is in it. */
export function readingOf(
  wanted: WantedRoots,
  found: { trusted: string[]; distrusted: string[]; others: string[] },
): StoreReading {
  const { trusted, distrusted, others } = found
  const { current, retired, ours } = wanted
  const present = ours.map(({ fingerprint }) => fingerprint).filter((each) => trusted.includes(each))
  const say = (state: TrustState, sentence: string): StoreReading => ({ state, sentence, present })
  if (distrusted.includes(current.fingerprint))
    return say('distrusted', 'The local authority is there, and somebody took its trust away by hand.')
  const isMissing = ({ fingerprint }: { fingerprint: string }) => !trusted.includes(fingerprint)
  if (!isMissing(current)) {
    const lost = retired.find(isMissing)
    if (!lost) return say('trusted', 'It has the local authority.')
    return say('stale', `It lacks the earlier root "${lost.title}", which certificates in use chain to.`)
  }
  if (present.length > 0)
    return say('stale', 'It has an earlier root of the local authority, not the one of now.')
  if (others.length > 0)
    return say(
      'another',
      `It has an authority of another Edgekeep (${others[0]?.slice(0, 16)}…), not this one.`,
    )
  return say('missing', 'It does not have the local authority.')
}

/** A sentence for what the system said of a file. */
export function fileSentence(error: unknown, what: string): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES') return `${what} cannot be written: its permissions do not allow it.`
  if (code === 'EPERM')
    return `${what} cannot be written: it belongs to somebody else or is marked immutable ("lsattr" shows it, "chattr -i" takes it away).`
  if (code === 'EROFS') return `${what} is on a disk that is read-only.`
  if (code === 'ENOSPC') return `${what} cannot be written: the disk is full.`
  return `${what} cannot be changed (${code ?? (error as Error).message}).`
}
