/** What goes wrong, as data: five hosts are cut apart, and one of them loses power. */
import { Simulation } from "@peerage/simulate"

export const inTrouble = Simulation.run({
  seed: 41,
  faults: [
    { at: "20 seconds", cut: ["1-3", "4,5"], for: "5 seconds" },
    { at: "30 seconds", kill: "2", unflushed: "lost", for: "10 seconds" }
  ]
})
