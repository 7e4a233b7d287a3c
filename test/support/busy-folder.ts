/** A worker of `busy-worker.ts` says that it is busy while this is where the vault is. */
export const busyFolder = '/busy'
