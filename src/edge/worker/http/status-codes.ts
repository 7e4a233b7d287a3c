/**
 * What each status is called. An `import` of node:http would evaluate all that it exports, and so load
 * fetch and websockets, which no worker uses (`leanTable` in scripts/import-table.ts).
 */
export const { STATUS_CODES } = process.getBuiltinModule('node:http')
