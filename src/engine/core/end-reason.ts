/** Reason for the end of an engine's process: its vault was replaced, or a person stopped or restarted it. */
export type EndReason = 'replaced' | 'stopped' | 'restarted'
