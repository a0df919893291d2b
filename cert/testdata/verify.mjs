// verify.mjs KEYSET < CODE reads a verification code with libraries that this program does not use, checks its signature
// against a COSE_KeySet, and prints the claims as JSON. It looks for its libraries in RONGZHENG_COSE.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";

const installed = createRequire(pathToFileURL(process.env.RONGZHENG_COSE + "/"));
const { Sign1 } = installed("@auth0/cose");
const { importJWK } = installed("jose");
const cbor = installed("cbor-x");

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function base45(text) {
  const bytes = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((c) => alphabet.indexOf(c));
    const value = digits.reduceRight((n, d) => n * 45 + d, 0);
    if (digits.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Buffer.from(bytes);
}

const decoder = new cbor.Decoder({ mapsAsObjects: false });
const text = readFileSync(0, "utf8").replace(/\n$/, "");
if (!text.startsWith("RZ1:")) throw new Error("not a code");
const message = inflateSync(base45(text.slice(4)));
if (message[0] !== 0xd2) throw new Error("not tagged as COSE_Sign1");
const sign1 = Sign1.decode(message.subarray(1));
const kid = Buffer.from(sign1.protectedHeaders.get(4)).toString("hex");
const key = decoder.decode(readFileSync(process.argv[2])).find((k) => Buffer.from(k.get(2)).toString("hex") === kid);
if (!key) throw new Error("unknown key " + kid);
const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(key.get(-2)).toString("base64url") };
await sign1.verify(await importJWK(jwk, "EdDSA"));
const claims = decoder.decode(sign1.payload);
const own = claims.get(-65537);
console.log(JSON.stringify({
  kid, issuer: claims.get(1), until: claims.get(4), from: claims.get(5), issued: claims.get(6),
  number: own.get(1), version: own.get(2), level: own.get(3), holder: Buffer.from(own.get(4)).toString("hex"),
}));
