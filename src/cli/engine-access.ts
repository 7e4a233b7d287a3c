/** What a command needs to reach the vault; loaded only by commands that do. */
export { connectEngine } from '../engine-process/connect.ts'
export { openHome } from '../engine-process/home.ts'
export { openInProcess } from '../engine-process/in-process.ts'
