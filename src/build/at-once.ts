/** Does `act` to each of `things`, to at most `most` of them at a time. Rejects with the first failure. */
export async function forEachAtOnce<T>(
  things: Iterable<T>,
  most: number,
  act: (thing: T) => Promise<void>,
): Promise<void> {
  const left = things[Symbol.iterator]();
  const actOnNext = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: most }, actOnNext));
}
