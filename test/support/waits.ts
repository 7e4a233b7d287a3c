/** For `vi.waitFor`: its own second is too short on a machine that does something else meanwhile. */
export const waits = { timeout: 20_000, interval: 10 }
