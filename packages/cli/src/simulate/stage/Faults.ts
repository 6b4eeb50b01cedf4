/** What somebody does to a network on a page, as a fault of a scenario; refused where it would do nothing. Pure. */
import { type Acts, Api } from "@peerage/console"
import { printable } from "@peerage/console/Printable"
import type { Fault } from "@peerage/simulate"
import { Result, Struct } from "effect"
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

type LinkFault = Extract<Acts.Fault, { _tag: "Link" }>

const amounts = {
  latency: "latency",
  jitter: "jitter",
  reorderDelay: "delay of what arrives late"
} as const
const parts = { loss: "loss", duplication: "share that arrives twice", reordering: "share that arrives late" } as const

const isBandwidth = (value: LinkFault["bandwidth"]): boolean =>
  typeof value === "number" ? value > 0 && Number.isFinite(value) : true

/** What is wrong with the settings of a link, in sentences. */
const wrongIn = (fault: LinkFault): ReadonlyArray<string> => {
  const isWrong = (value: number | undefined, most: number) =>
    value !== undefined && !(value >= 0 && value <= most && Number.isFinite(value))
  return [
    ...Struct.keys(amounts).filter((name) => isWrong(fault[name], Infinity))
      .map((name) => `The ${amounts[name]} of a link is zero or more milliseconds.`),
    ...Struct.keys(parts).filter((name) => isWrong(fault[name], 1))
      .map((name) => `The ${parts[name]} of a link is a number from 0 to 1.`),
    ...isBandwidth(fault.bandwidth) ? [] : ["The bandwidth of a link is more than 0 bytes a second."]
  ]
}

const ofLink = (hosts: ReadonlyArray<State>, fault: LinkFault): Read =>
  among(hosts, [fault.a, fault.b], () => {
    const { _tag, a, b, oneWay, ...settings } = fault
    const wrong = wrongIn(fault)
    if (wrong.length > 0) return refuse(wrong.join(" "))
    return Object.keys(settings).length === 0
      ? refuse("Give the link a latency or a loss.")
      : Result.succeed({ link: [a, b], ...oneWay === true ? { oneWay } : {}, ...settings })
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
