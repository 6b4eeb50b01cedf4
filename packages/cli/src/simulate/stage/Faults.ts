/** What somebody does to a network on a page, as a fault of a scenario; refused where it would do nothing. Pure. */
import { type Acts, Api } from "@peerage/console"
import { printable } from "@peerage/console/Printable"
import type { Fault } from "@peerage/simulate"
import { Result } from "effect"
import { enumerated } from "../../room/Words.ts"
import type { State } from "../Run.ts"

type Read = Result.Result<Fault.Fault, Api.Refused>

const refuse = (message: string): Result.Result<never, Api.Refused> => Result.fail(new Api.Refused({ message }))

const names = (hosts: ReadonlyArray<State>) =>
  hosts.length > 12 ? `1 to ${hosts.length}` : enumerated(hosts.map(({ name }) => name), "and")

/** A fault of hosts that there are. */
const among = (hosts: ReadonlyArray<State>, given: ReadonlyArray<string>, then: () => Read): Read => {
  const stranger = given.find((name) => !hosts.some((host) => host.name === name))
  if (stranger !== undefined) return refuse(`There is no host ${printable(stranger)}. There are ${names(hosts)}.`)
  return given.length === 2 && given[0] === given[1] ? refuse("A link has two ends. Name another host.") : then()
}

/** A fault of one host, in one of some states. */
const ofHost = (
  hosts: ReadonlyArray<State>,
  name: string,
  states: ReadonlyArray<State["status"]>,
  fault: Fault.Fault,
  otherwise: string
): Read =>
  among(hosts, [name], () => {
    const host = hosts.find((other) => other.name === name)
    return host !== undefined && states.includes(host.status)
      ? Result.succeed(fault)
      : refuse(`${name} ${otherwise}`)
  })

const ofLink = (hosts: ReadonlyArray<State>, { a, b, latency, loss }: Extract<Acts.Fault, { _tag: "Link" }>): Read =>
  among(hosts, [a, b], () => {
    const wrong = [
      ...latency === undefined || latency >= 0 && Number.isFinite(latency)
        ? []
        : ["The latency of a link is zero or more milliseconds."],
      ...loss === undefined || loss >= 0 && loss <= 1 ? [] : ["The loss of a link is a number from 0 to 1."],
      ...latency === undefined && loss === undefined ? ["Give the link a latency or a loss."] : []
    ]
    if (wrong.length > 0) return refuse(wrong.join(" "))
    return Result.succeed({
      link: [a, b],
      ...latency === undefined ? {} : { latency },
      ...loss === undefined ? {} : { loss }
    })
  })

/** Reads what somebody does. */
export const read = (hosts: ReadonlyArray<State>, fault: Acts.Fault): Read => {
  switch (fault._tag) {
    case "Cut":
      return among(hosts, [fault.a, fault.b], () => Result.succeed({ cut: [fault.a, fault.b] }))
    case "Heal":
      return among(hosts, [fault.a, fault.b], () => Result.succeed({ heal: [fault.a, fault.b] }))
    case "HealAll":
      return Result.succeed({ heal: "all" })
    case "Kill": {
      const { host } = fault
      return ofHost(hosts, host, ["Running", "Paused"], { kill: host }, "is down already. Restart it.")
    }
    case "Restart": {
      const { host } = fault
      return ofHost(hosts, host, ["Killed", "Stopped"], { restart: host }, "runs already. Kill it first.")
    }
    case "Pause": {
      const { host } = fault
      return ofHost(hosts, host, ["Running"], { pause: host }, "does not run, so it cannot be frozen.")
    }
    case "Resume": {
      const { host } = fault
      return ofHost(hosts, host, ["Paused"], { resume: host }, "is not frozen.")
    }
    case "Link":
      return ofLink(hosts, fault)
  }
}
