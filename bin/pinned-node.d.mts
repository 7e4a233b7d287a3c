export const NODE_PACKAGE: string
export const NODE_PROGRAM: string
export function findPinnedNode(root: string): string | null
export function wantedNode(root: string): { version: string; isInNpm: boolean }
export function nodeOf(root: string): string | null
export function isSameMajorAndNotOlder(version: string, wanted: string): boolean
