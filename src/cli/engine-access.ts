/** What a command needs to reach the vault; loaded only by commands that do. */
export { connectEngine } from '../launch/connect.ts'
export { openHome } from '../launch/home.ts'
export { openInProcess } from '../launch/in-process.ts'
