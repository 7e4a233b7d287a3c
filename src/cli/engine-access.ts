/** Access to the vault, in a module of its own that is loaded only by commands that need it. */
export { connectEngine } from '../engine-process/connect.ts'
export { openHome } from '../engine-process/home.ts'
export { openInProcess } from '../engine-process/in-process.ts'
