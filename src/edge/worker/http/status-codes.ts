/**
 * Reason phrases. An `import` of node:http would evaluate all of its exports, and so load fetch and
 * websockets, which no worker uses (`leanTable` in scripts/import-table.ts).
 */
export const { STATUS_CODES } = process.getBuiltinModule('node:http')
