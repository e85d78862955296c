// Fedify's inbox alone, for `inbox`: it verifies, keeps what it has seen in memory, and calls a listener that does
// nothing. The authors' documents come from a file, as if it had fetched them all before.

import { Temporal } from "@js-temporal/polyfill";
globalThis.Temporal ??= Temporal;

const fs = await import("node:fs");
const http = await import("node:http");
const fedify = await import("@fedify/fedify");
const vocab = await import("@fedify/vocab");

const port = Number(process.env.BENCH_PORT);
const authors = JSON.parse(fs.readFileSync(process.env.BENCH_KEYS)); // key id → PEM
const network = fedify.getDocumentLoader ? fedify.getDocumentLoader() : undefined;

function person(uri, pem) {
    const publicKey = { id: `${uri}#main-key`, type: "CryptographicKey", owner: uri, publicKeyPem: pem };
    const context = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"];
    return { "@context": context, id: uri, type: "Person", preferredUsername: "a", inbox: `${uri}inbox`, publicKey };
}

async function load(url) {
    const uri = url.split("#")[0];
    const pem = authors[`${uri}#main-key`];
    if (!pem) return network(url);
    return { contextUrl: null, documentUrl: uri, document: person(uri, pem) };
}

const federation = fedify.createFederation({
    kv: new fedify.MemoryKvStore(), documentLoaderFactory: () => load, authenticatedDocumentLoaderFactory: () => load,
    allowPrivateAddress: undefined,
});
federation.setActorDispatcher("/users/{identifier}", () => null);
federation.setInboxListeners("/users/{identifier}/inbox", "/inbox").on(vocab.Create, () => undefined)
    .onError((_ctx, error) => console.error("inbox:", error));

http.createServer(async (asked, answer) => {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const request = new Request(`http://127.0.0.1:${port}${asked.url}`, {
        method: asked.method, headers: Object.entries(asked.headers), body: Buffer.concat(parts),
    });
    const said = await federation.fetch(request, { contextData: undefined });
    const body = Buffer.from(await said.arrayBuffer());
    answer.writeHead(said.status, { "content-length": body.length }).end(body);
}).listen(port, "127.0.0.1");
