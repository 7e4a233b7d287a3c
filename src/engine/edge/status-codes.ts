/**
 * What each status is called. An `import` of node:http would evaluate all that it exports, and so load
 * fetch and websockets, which no worker uses: 10 MB of its memory.
 */
export const { STATUS_CODES } = process.getBuiltinModule('node:http')
