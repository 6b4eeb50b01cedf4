/** Passphrases to read out: eight words of 256 carry 64 bits of chance, from the system's secure source. */
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"

// 256 short words, no two of which begin alike in their first four letters.
/** The words of passphrases. */
export const words: ReadonlyArray<string> = (
  "acid acre aged airy ajar alps amber ant apex apple arch arena arrow ash atlas attic " +
  "aunt axis bacon badge bagel baker balm banjo barn basil bath beach bean bell bench berry " +
  "bike birch bison blade blend bloom blue boat bolt bonus book boot brass brave bread brick " +
  "broom brush bucket bulb bunny cabin cable cactus cake camel candy canoe cape card castle cave " +
  "cedar cello chair chalk cherry chess chief cider circle clay clock cloud clover coal coast cobra " +
  "coin comet coral corn cotton cove crab crane creek crisp crow crystal cube curl dairy daisy " +
  "dance dawn deer delta denim desk dial dice diver dock dolphin donkey door dove dragon dream " +
  "drum duck dune dust eagle early earth echo eight elbow elder elk elm ember emu " +
  "engine envoy epic equal essay evening exit fable falcon fancy farm fawn feast fern ferry fiddle " +
  "field fig finch fire fjord flag flint flower flute foam fog forest fossil fox frog frost " +
  "fruit galaxy garden garlic gate gecko gem ghost giant ginger glass globe glove goat gold goose " +
  "grape gravel green grove guitar gull hammer harbor harp hawk hazel heart hedge helmet herb heron " +
  "hill hippo honey hood horn hotel house husky iceberg igloo ink iris iron island ivory ivy " +
  "jacket jade jazz jelly jewel jolly judge juice jungle kayak kettle kite kiwi knight koala lace " +
  "ladder lagoon lake lamp lantern lark lava leaf lemon lentil lily lime linen lion lizard llama " +
  "lobster lotus lunar lynx magnet mango maple marble meadow melon mint mirror moon moss moth mule zebra"
).split(" ")

const length = 8

/** Makes a passphrase up. */
export const make: Effect.Effect<string, never, SecureRandom> = Effect.flatMap(
  SecureRandom,
  (random) =>
    Effect.map(random.randomBytes(length), (bytes) => Array.from(bytes, (byte) => words[byte] ?? "").join("-"))
)
