/** Exit statuses by which an engine has its host not start it again. */
export const engineExits = {
  /** Its home was moved or deleted: a restart would make a new vault there. */
  homeGone: 4,
  /** A person stopped it. */
  stopped: 5,
} as const

/** Exit status of an engine that a person restarts: the next one starts with the stored settings. */
export const restartExit = 6

/** Deadlines of an engine that ends: for rollbacks of publications, for its exit, and until its host kills it. */
export const engineEndMs = { rollback: 6_000, exit: 10_000, host: 12_000 } as const

/** WebSocket close code for the clients of an engine that a person stopped. */
export const stoppedCloseCode = 4001
