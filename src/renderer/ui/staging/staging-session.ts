import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Staged } from '../../../contract/certificates/staging.ts'
import { refuseTooLarge } from '../forms/transferred-files.ts'

/**
 * Visible state of a staging session. It never holds file contents or a passphrase: files go straight from
 * the drop to the engine, which returns facts only.
 */
export interface StagingState {
  staged: Staged | null
  busy: 'reading' | 'unlocking' | null
  problem: EdgekeepError | null
  unlockProblem: { pieceId: string; error: EdgekeepError } | null
}

export type StagingCalls = Pick<Client['staging'], 'open' | 'add' | 'unlock' | 'remove' | 'discard'>

export interface StagingSession {
  readonly store: StoreApi<StagingState>
  /** Uploads files to the engine. The first call opens the staging, further calls add to it. */
  give(files: File[]): Promise<void>
  unlock(pieceId: string, passphrase: string): Promise<void>
  /** Removes a file; removing the last one resets the session. */
  remove(file: string): Promise<void>
  /** Cancels a running `unlock`; the piece stays locked. */
  cancelUnlock(): void
  discard(): Promise<void>
  /** Resets the session after an import or enable, when the engine has already discarded the files. */
  release(): void
}

const blank: StagingState = { staged: null, busy: null, problem: null, unlockProblem: null }

/** Staging session over `calls`; with `domain`, files are checked against that domain. */
export function createStagingSession(calls: StagingCalls, domain?: string): StagingSession {
  const store = createStore<StagingState>(() => blank)
  // Increments on discard: a late answer of an older generation is ignored and its staging discarded.
  let generation = 0
  let opening = new AbortController()
  let turn: Promise<void> = Promise.resolve()

  async function attempt(
    busy: StagingState['busy'],
    act: () => Promise<Staged>,
    refused: (error: EdgekeepError) => void = fail,
  ): Promise<void> {
    const mine = generation
    store.setState({ busy, problem: null, unlockProblem: null })
    try {
      const staged = await act()
      if (mine === generation) store.setState({ staged, busy: null })
      else await forget(calls, staged.stagingId)
    } catch (error) {
      if (mine !== generation) return
      store.setState({ busy: null })
      refused(asEdgekeepError(error))
    }
  }

  function fail(problem: EdgekeepError): void {
    store.setState(problem.code === 'staging.expired' ? { ...blank, problem } : { problem })
  }

  function read(files: File[]): Promise<void> {
    return attempt('reading', () => {
      refuseTooLarge(files)
      const staged = store.getState().staged
      return staged ? calls.add({ stagingId: staged.stagingId, files }) : calls.open({ files, domain })
    })
  }

  function open(pieceId: string, passphrase: string): Promise<void> {
    const stagingId = store.getState().staged?.stagingId
    if (!stagingId) return Promise.resolve()
    opening = new AbortController()
    const { signal } = opening
    return attempt(
      'unlocking',
      () => calls.unlock({ stagingId, pieceId, passphrase }, { signal }),
      (error) => {
        if (signal.aborted) return
        if (error.code === 'key.wrong_passphrase') store.setState({ unlockProblem: { pieceId, error } })
        else fail(error)
      },
    )
  }

  function takeAway(file: string): Promise<void> {
    const stagingId = store.getState().staged?.stagingId
    if (!stagingId) return Promise.resolve()
    return attempt('reading', () => calls.remove({ stagingId, file }))
  }

  function blankOut(): void {
    generation += 1
    store.setState(blank, true)
  }

  return {
    store,
    give(files) {
      if (files.length > 0) turn = turn.then(() => read(files))
      return turn
    },
    unlock(pieceId, passphrase) {
      turn = turn.then(() => open(pieceId, passphrase))
      return turn
    },
    async remove(file) {
      turn = turn.then(() => takeAway(file))
      await turn
      const { staged } = store.getState()
      if (staged && staged.report.pieces.length + staged.report.problems.length === 0) await this.discard()
    },
    cancelUnlock: () => opening.abort(),
    async discard() {
      const { staged } = store.getState()
      blankOut()
      if (staged) await forget(calls, staged.stagingId)
    },
    release: blankOut,
  }
}

/** Failures are ignored: the engine discards a staging after 15 minutes. */
async function forget(calls: StagingCalls, stagingId: string): Promise<void> {
  await calls.discard({ stagingId }).catch(() => undefined)
}
