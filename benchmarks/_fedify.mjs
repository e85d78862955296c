// Fedify's inbox alone, for `inbox`: it verifies, keeps what it has seen, and hands on what came. With BENCH_POSTGRES in
// PostgreSQL, as its manual recommends for production: what is answered 202 lies in its queue there, and a worker (which
// does not run here) would do the rest. Else in memory, with a listener that does nothing. The authors' documents come
// from a file, as if it had fetched them all before.

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

async function inPostgres(where) {
    const { PostgresKvStore, PostgresMessageQueue } = await import("@fedify/postgres");
    const { default: postgres } = await import("postgres");
    const sql = postgres({ ...where, onnotice: () => undefined });
    return { kv: new PostgresKvStore(sql), queue: new PostgresMessageQueue(sql), manuallyStartQueue: true };
}

const stores = process.env.BENCH_POSTGRES
    ? await inPostgres(JSON.parse(process.env.BENCH_POSTGRES))
    : { kv: new fedify.MemoryKvStore() };
const federation = fedify.createFederation({
    ...stores, documentLoaderFactory: () => load, authenticatedDocumentLoaderFactory: () => load,
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
