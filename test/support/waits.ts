/** Options for `vi.waitFor`, whose default of one second is too short on a busy machine. */
export const waits = { timeout: 20_000, interval: 10 }
