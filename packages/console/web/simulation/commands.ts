/** All that can be done to a simulation, as lines for the palette. */
import type { Command } from "../state/matching.ts"
import {
  askLink,
  branch,
  choose,
  healAll,
  isCut,
  isDown,
  moment,
  pace,
  picked,
  present,
  save,
  time,
  toggleFrozen,
  toggleHost,
  toggleLink
} from "../state/simulation.ts"
import { overlay } from "../state/view.ts"
import { switchTheme, theme } from "../theme.ts"
import { speeds, step } from "./Controls.tsx"

const ofTime = (): ReadonlyArray<Command> => [
  {
    id: "run",
    label: time.value.paused ? "Run" : "Pause",
    detail: "Space",
    run: () => pace({ paused: !time.peek().paused })
  },
  { id: "step", label: `Let ${step} ms pass`, detail: ".", run: () => pace({ step }) },
  ...speeds.map((speed, index) => ({
    id: `speed ${speed}`,
    label: `${speed} times real time`,
    detail: String(index + 1),
    run: () => pace({ speed })
  })),
  { id: "heal", label: "Heal all cuts", detail: "h", run: healAll },
  ...moment.value === undefined
    ? []
    : [{ id: "branch", label: "Branch here", detail: "b", run: branch }],
  { id: "save", label: "Save as a scenario", detail: "s", run: save }
]

const ofHosts = (): ReadonlyArray<Command> =>
  present.value.flatMap(({ name, role, state }) => [
    { id: `pick ${name}`, label: `Look at ${name}`, detail: role, run: () => choose(name) },
    {
      id: `kill ${name}`,
      label: isDown(name) ? `Restart ${name}` : `Kill ${name}`,
      detail: role,
      harsh: !isDown(name),
      run: () => toggleHost(name)
    },
    ...isDown(name) ? [] : [{
      id: `freeze ${name}`,
      label: state === "paused" ? `Let ${name} go on` : `Freeze ${name}`,
      detail: role,
      run: () => toggleFrozen(name)
    }]
  ])

const ofLinks = (): ReadonlyArray<Command> => {
  const from = picked.value
  return from === undefined ? [] : present.value.filter(({ name }) => name !== from).flatMap(({ name }) => [
    {
      id: `cut ${name}`,
      label: isCut(from, name) ? `Heal ${from} and ${name}` : `Cut ${from} off from ${name}`,
      detail: "link",
      harsh: !isCut(from, name),
      run: () => toggleLink(from, name)
    },
    {
      id: `set ${name}`,
      label: `Set the link of ${from} and ${name}`,
      detail: "link",
      run: () => askLink([from, name])
    }
  ])
}

/** All commands. */
export const commands = (): ReadonlyArray<Command> => [
  ...ofTime(),
  ...ofLinks(),
  ...ofHosts(),
  { id: "theme", label: theme() === "dark" ? "Light theme" : "Dark theme", detail: "t", run: switchTheme },
  { id: "help", label: "Keys and help", detail: "?", run: () => (overlay.value = "help") }
]
