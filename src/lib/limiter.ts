/** Runs work, so many at a time; the others wait in the order they came. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** A limiter for at most `places` pieces of work at the same time. */
export function createLimiter(places: number): Limiter {
  let busy = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) busy--;
    else next();
  };
  return async (work) => {
    if (busy < places) busy++;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
