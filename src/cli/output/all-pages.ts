export async function* allPages<Page extends { next: number | null }>(
  read: (after: number | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let after: number | undefined
  do {
    const page = await read(after)
    yield page
    after = page.next ?? undefined
  } while (after !== undefined)
}
