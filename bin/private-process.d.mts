export function privateProcess(node: string, args: string[]): [program: string, args: string[]]
export function environmentForChildren(environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv
export const setAsideVariable: string
export function setAside(environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv
