/** Camera picture of a QR code's modules. */
export function pictureOf(modules: boolean[][]): { width: number; height: number; data: Uint8Array } {
  const scale = 6
  const size = modules.length * scale
  const data = new Uint8Array(size * size * 4).fill(255)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)])
        data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3)
  return { width: size, height: size, data }
}

/** Modules of a code printed in half blocks, which draw the light ones. */
export function modulesOf(printed: string): boolean[][] {
  return printed.split('\n').flatMap((line) => {
    const letters = [...line]
    return [letters.map((each) => !'█▀'.includes(each)), letters.map((each) => !'█▄'.includes(each))]
  })
}
