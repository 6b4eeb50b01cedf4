/** What is said in the p2p-chat jobs, and who says it to whom. */
export const senderId = 3_000_000_003n
export const hubId = 2_000_000_002n
export const receiverId = 1_000_000_001n

const kinds = 64

/** 100 characters each, a few of them so that what came can be told from what should have come. */
const texts: ReadonlyArray<string> = Array.from(
  { length: kinds },
  (_, kind) => `${kind} `.padStart(4, "#").padEnd(100, "what people say to each other is about this long ")
)

/** The text of the message with that number. */
export const text = (number: number): string => texts[number % kinds] ?? ""

/** Messages that are sent before anything else has its turn. */
export const atOnce = 256

/** How many messages a sender lets be on their way through a hub, which tells nobody to wait. */
export const window = 4096

/** How often a receiver behind a hub confirms what came. */
export const confirmEvery = 1024
