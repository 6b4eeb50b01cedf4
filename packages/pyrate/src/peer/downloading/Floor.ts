/** The floor of speed of a download: what has come in all, since it began, against what has to. */
import { Timeouts } from "@peerage/transport"
import { Duration, Effect, Ref } from "effect"
import type { FileName } from "../../codec/FileName.ts"
import type { PyrateConfig } from "../../PyrateConfig.ts"
import { TooSlow } from "../../PyrateError.ts"

/** Until when so many bytes are enough, in milliseconds since the beginning: the idle timeout is free of charge. */
const enoughUntil = (
  bytes: number,
  { idleTimeout, minBytesPerSecond }: Pick<PyrateConfig, "idleTimeout" | "minBytesPerSecond">
): number => Duration.toMillis(idleTimeout) + bytes / minBytesPerSecond * 1000

/** Never succeeds: fails with `TooSlow` as soon as what was received is not enough. Without a floor it never ends. */
export const watch = Effect.fnUntraced(function*(
  name: FileName,
  received: Ref.Ref<number>,
  config: Pick<PyrateConfig, "idleTimeout" | "minBytesPerSecond">
): Effect.fn.Return<never, TooSlow> {
  const least = config.minBytesPerSecond
  if (least === 0) return yield* Effect.never
  const begun = yield* Timeouts.now
  while (true) {
    const bytes = yield* Ref.get(received)
    const left = begun + enoughUntil(bytes, config) - (yield* Timeouts.now)
    if (left <= 0) return yield* new TooSlow({ name, received: bytes, least })
    yield* Timeouts.pause(left)
  }
})
