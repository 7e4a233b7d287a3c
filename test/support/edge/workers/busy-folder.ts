/** Vault folder that makes `busy-worker.ts` report that it is busy. */
export const busyFolder = '/busy'
