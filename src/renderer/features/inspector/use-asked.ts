import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { Inspector } from './inspector.ts'
import { subjectOf } from './inspector-state.ts'

const passingMs = 120

/** Verifies the selected certificate unless the last answer is about it. */
export function useDiagnosis(inspector: Inspector) {
  const diagnosis = useStore(inspector.store, (state) => state.diagnosis)
  const subject = useStore(inspector.store, subjectOf)
  const { about } = diagnosis
  useEffect(() => {
    if (about === subject) return
    // Debounced: arrow keys pass over many certificates.
    const timer = setTimeout(() => void inspector.ask({}), passingMs)
    return () => clearTimeout(timer)
  }, [about, subject, inspector])
  return diagnosis
}

/** Lint of all files, requested on mount unless present. */
export function useLint(inspector: Inspector) {
  const lint = useStore(inspector.store, (state) => state.lint)
  const missing = !lint.result && !lint.busy && !lint.problem
  useEffect(() => {
    if (missing) void inspector.askLint()
  }, [missing, inspector])
  return lint
}

/** Timeline of the selected certificate, requested on mount. */
export function useTimeline(inspector: Inspector) {
  return useShown(inspector, 'timeline', inspector.askTimeline)
}

/** Preflight of the selected certificate, requested on mount. */
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
