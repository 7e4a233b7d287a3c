export function setUp(root: string): void
