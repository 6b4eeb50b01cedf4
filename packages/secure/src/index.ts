export * as Crypto from "./Crypto.ts"
export * as Cipher from "./noise/Cipher.ts"
export * as Handshake from "./noise/Handshake.ts"
export * as SecureError from "./SecureError.ts"
