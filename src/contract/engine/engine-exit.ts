/** Exit statuses by which an engine has its host not start it again. */
export const engineExits = {
  /** Its home was moved or deleted: a restart would make a new vault there. */
  homeGone: 4,
  /** A person stopped it. */
  stopped: 5,
} as const

/** Exit status of an engine that a person restarts: the next one starts with the stored settings. */
export const restartExit = 6

/** WebSocket close code for the clients of an engine that a person stopped. */
export const stoppedCloseCode = 4001
