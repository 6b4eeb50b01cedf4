/** A pipe that passes everything on to another, of which a test replaces some. */
import type { Pipe } from "@peerage/transport"

/** All that a pipe has, passed on to `pipe`, but for what is in `changes`. */
export const over = (pipe: Pipe.Pipe, changes: Partial<Pipe.Pipe>): Pipe.Pipe => ({
  local: pipe.local,
  remote: pipe.remote,
  identity: pipe.identity,
  take: () => pipe.take(),
  ended: () => pipe.ended(),
  broken: () => pipe.broken(),
  write: (chunks) => pipe.write(chunks),
  stalledFor: () => pipe.stalledFor(),
  end: () => pipe.end(),
  close: () => pipe.close(),
  closeAtOnce: () => pipe.closeAtOnce(),
  reset: () => pipe.reset(),
  activeAt: () => pipe.activeAt(),
  observe: (observer) => pipe.observe(observer),
  ...changes
})
