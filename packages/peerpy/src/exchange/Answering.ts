/**
 * Which questions of discovery are answered: a question is 28 bytes and its answer 128, and both come without a
 * connection, so that anybody can ask in the name of another. Pure: times are inputs, in milliseconds.
 */

/** How many questions are answered in a second: to one address, and in all. */
const mostToOne = 10
const mostInAll = 200

const second = 1000

/** Who was answered since the beginning of a second. */
export interface Answered {
  readonly since: number
  readonly inAll: number
  readonly byHost: ReadonlyMap<string, number>
}

/** Nobody was. */
export const nobody: Answered = { since: -Infinity, inAll: 0, byHost: new Map() }

/** Whether one more question of a host is answered. */
export const allow = (before: Answered, host: string, now: number): readonly [boolean, Answered] => {
  // Also where the clock was set back.
  const { byHost, inAll, since } = Math.abs(now - before.since) < second ? before : { ...nobody, since: now }
  const count = byHost.get(host) ?? 0
  if (count >= mostToOne || inAll >= mostInAll) return [false, { byHost, inAll, since }]
  return [true, { since, inAll: inAll + 1, byHost: new Map(byHost).set(host, count + 1) }]
}
