import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { Inspector } from './inspector.ts'
import { subjectOf } from './inspector-state.ts'

const passingMs = 120

/** Judges what is selected as soon as it is another certificate than the last answer is about. */
export function useDiagnosis(inspector: Inspector) {
  const diagnosis = useStore(inspector.store, (state) => state.diagnosis)
  const subject = useStore(inspector.store, subjectOf)
  const { about } = diagnosis
  useEffect(() => {
    if (about === subject) return
    // Who goes through a list by its arrow keys is not asking about each.
    const timer = setTimeout(() => void inspector.ask({}), passingMs)
    return () => clearTimeout(timer)
  }, [about, subject, inspector])
  return diagnosis
}

/** The lint of all files, asked for while it is shown where it was not at once. */
export function useLint(inspector: Inspector) {
  const lint = useStore(inspector.store, (state) => state.lint)
  const missing = !lint.result && !lint.busy && !lint.problem
  useEffect(() => {
    if (missing) void inspector.askLint()
  }, [missing, inspector])
  return lint
}

/** The timeline of what is selected, asked for while it is shown. */
export function useTimeline(inspector: Inspector) {
  return useShown(inspector, 'timeline', inspector.askTimeline)
}

/** What targets would say of what is selected, asked for while it is shown. */
export function usePreflight(inspector: Inspector) {
  return useShown(inspector, 'preflight', inspector.askPreflight)
}

function useShown<K extends 'timeline' | 'preflight'>(
  inspector: Inspector,
  kind: K,
  ask: () => Promise<void>,
) {
  const answered = useStore(inspector.store, (state) => state[kind])
  const subject = useStore(inspector.store, subjectOf)
  const { about, result, busy, problem } = answered
  const missing = about !== subject || (!result && !busy && !problem)
  useEffect(() => {
    if (missing) void ask()
  }, [missing, subject, ask])
  return answered
}
