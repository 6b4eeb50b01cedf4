/**
 * Which versions are kept because receivers have not read them. Many receivers share the bytes of one version, so what is
 * counted are versions: only receivers that are slow in different ways take much memory.
 */
export class Unsent<Receiver> {
  /** The versions that are kept, the oldest first, and who has not read them. */
  private readonly versions = new Map<Uint8Array, Set<Receiver>>()
  private readonly latest = new Map<Receiver, Uint8Array>()
  private bytes = 0
  private readonly limit: number

  /** Keeps nothing yet. */
  constructor(limit: number) {
    this.limit = limit
  }

  /** The receiver has not read this version, and has read those before. */
  keep(receiver: Receiver, version: Uint8Array): void {
    this.release(receiver)
    const receivers = this.versions.get(version)
    if (receivers === undefined) this.bytes += version.length
    this.versions.set(version, (receivers ?? new Set()).add(receiver))
    this.latest.set(receiver, version)
  }

  /** The receiver keeps nothing any more. */
  release(receiver: Receiver): void {
    const version = this.latest.get(receiver)
    if (version === undefined) return
    this.latest.delete(receiver)
    const receivers = this.versions.get(version)
    receivers?.delete(receiver)
    if (receivers?.size !== 0) return
    this.versions.delete(version)
    this.bytes -= version.length
  }

  /** The receivers of the oldest version, where all take more than the limit. The newest one is kept in any case. */
  excess(): ReadonlyArray<Receiver> {
    if (this.bytes <= this.limit || this.versions.size === 1) return []
    return [...this.versions.values().next().value ?? []]
  }
}
