/** As little as a function can do. */
export async function trivial({ n }) {
  return n
}
