/** Whether the pinned Node and a build of the current sources are present. */
export function isFresh(root: string): boolean
