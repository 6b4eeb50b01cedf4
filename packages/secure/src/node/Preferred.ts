/** Which suite a dialer on Node uses: AES-256-GCM where the processor computes AES, as in software ChaCha20 is faster. */
import { readFileSync } from "node:fs"
import type { Suite } from "../Crypto.ts"

/** What Node says of a machine. */
export interface Machine {
  readonly arch: string
  readonly platform: string
  /** What the processor can do, as Linux lists it. */
  readonly features: () => string
}

/** Of the processors that Node runs on, those of x64 have it. Of those of arm64 some boards have it not, all with Linux. */
export const preferredOn = ({ arch, features, platform }: Machine): Suite => {
  if (arch === "x64") return "AESGCM"
  if (arch !== "arm64") return "ChaChaPoly"
  return platform !== "linux" || /\baes\b/.test(features()) ? "AESGCM" : "ChaChaPoly"
}

/** The features of this machine's processor; none where they cannot be read. */
export const cpuFeatures = (): string => {
  try {
    return readFileSync("/proc/cpuinfo", "utf8")
  } catch {
    return ""
  }
}
