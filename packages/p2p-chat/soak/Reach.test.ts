import { large } from "../test/peer/Reach.ts"

large(200, { arbitrary: { runs: 2, size: 30, maxShrinks: 0 } })
