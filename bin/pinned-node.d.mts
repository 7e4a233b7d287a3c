export const nodePackage: string
export const nodeProgram: string
export function findPinnedNode(root: string): string | null
export function wantedNode(root: string): { version: string; isInNpm: boolean }
export function nodeOf(root: string): string | null
export function isSameMajorAndNotOlder(version: string, wanted: string): boolean
