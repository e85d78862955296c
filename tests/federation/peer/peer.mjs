// A server of another kind: Fedify, with people of one host. Orders are JSON lines on stdin, answers JSON lines on
// stdout; it ends with its stdin. Names are dialled at the ports of this machine that PEER names.

import { Temporal } from "@js-temporal/polyfill";
globalThis.Temporal ??= Temporal;

const fs = await import("node:fs");
const https = await import("node:https");
const readline = await import("node:readline");
const { Agent, buildConnector, setGlobalDispatcher } = await import("undici");
const fedify = await import("@fedify/fedify");
const vocab = await import("@fedify/vocab");

const given = JSON.parse(process.env.PEER);
const house = { firstKnock: "draft-cavage-http-signatures-12", takes: "both", challenge: false, answers: 0 };
const kv = new fedify.MemoryKvStore();
const [knocks, received, answering] = [[], [], new Set()];
let federation = made();

await Promise.all(given.people.map((name) => keyPairs(undefined, name))); // so that nobody has to wait for them
dialHere(given.ports, fs.readFileSync(given.authority));
const tls = { key: fs.readFileSync(given.key), cert: fs.readFileSync(given.certificate) };
const server = https.createServer(tls, (incoming, outgoing) => {
    const done = answer(incoming, outgoing).catch(console.error).finally(() => answering.delete(done));
    answering.add(done);
});
server.listen(given.ports[given.name] ?? 0, "127.0.0.1", () => say({ port: server.address().port }));
readline.createInterface({ input: process.stdin }).on("line", obey).on("close", () => process.exit(0));

function made() {
    const { firstKnock, challenge } = house;
    const built = fedify.createFederation({
        kv, firstKnock, origin: `https://${given.name}`, allowPrivateAddress: true, circuitBreaker: false,
        inboxChallengePolicy: challenge ? { enabled: true, requestNonce: true } : undefined,
    });
    built.setActorDispatcher("/users/{identifier}", person).setKeyPairsDispatcher(keyPairs);
    built.setInboxListeners("/users/{identifier}/inbox", "/inbox").on(vocab.Activity, hear)
        .onError((_ctx, error) => console.error("inbox:", error));
    return built;
}

async function person(ctx, identifier) {
    if (!given.people.includes(identifier)) return null;
    const keys = await ctx.getActorKeyPairs(identifier);
    return new vocab.Person({
        id: ctx.getActorUri(identifier), preferredUsername: identifier, name: identifier.toUpperCase(),
        summary: "<p>Writes <b>elsewhere</b>.</p>", url: new URL(`/@${identifier}`, ctx.origin),
        inbox: ctx.getInboxUri(identifier), endpoints: new vocab.Endpoints({ sharedInbox: ctx.getInboxUri() }),
        publicKey: keys[0].cryptographicKey, assertionMethods: keys.map((pair) => pair.multikey),
    });
}

async function keyPairs(_ctx, identifier) {
    const file = `${given.keys}/${identifier}.json`; // on disk: peers remember keys
    if (!fs.existsSync(file)) {
        const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
        const short = crypto.subtle.generateKey(rsa, true, ["sign", "verify"]); // Fedify's own 4096 bits take seconds
        const pairs = await Promise.all([short, fedify.generateCryptoKeyPair("Ed25519")]);
        const written = await Promise.all(pairs.map(async (pair) => ({
            privateKey: await fedify.exportJwk(pair.privateKey), publicKey: await fedify.exportJwk(pair.publicKey),
        })));
        fs.writeFileSync(file, JSON.stringify(written));
    }
    return Promise.all(JSON.parse(fs.readFileSync(file)).map(async (pair) => ({
        privateKey: await fedify.importJwk(pair.privateKey, "private"),
        publicKey: await fedify.importJwk(pair.publicKey, "public"),
    })));
}

async function hear(ctx, activity) {
    received.push(await activity.toJsonLd());
    if (activity instanceof vocab.Follow && given.people.includes(ctx.parseUri(activity.objectId)?.identifier)) {
        const { identifier } = ctx.parseUri(activity.objectId);
        const id = new URL(`/accepts/${crypto.randomUUID()}`, ctx.origin);
        const accept = new vocab.Accept({ id, actor: activity.objectId, object: activity, to: activity.actorId });
        await ctx.sendActivity({ identifier }, await activity.getActor(ctx), accept, { immediate: true });
    }
}

const orders = {
    set: async (wishes) => { Object.assign(house, wishes); federation = made(); },
    received: async () => received,
    knocks: async () => { await Promise.all(answering); return knocks; }, // what was heard has been answered, too
    forget: async () => { await Promise.all(answering); received.length = 0; knocks.length = 0; },
    lookup: async ({ what, by }) => {
        const documentLoader = await context().getDocumentLoader({ identifier: by });
        const found = await context().lookupObject(what, { documentLoader });
        return found && found.toJsonLd();
    },
    get: async ({ url, by }) => {
        const loader = by ? await context().getDocumentLoader({ identifier: by }) : context().documentLoader;
        return (await loader(url)).document;
    },
    send: async ({ by, to, activity }) => {
        const recipient = await context().lookupObject(to);
        const made = await vocab.Activity.fromJsonLd(activity, context());
        await context().sendActivity({ identifier: by }, recipient, made, { immediate: true });
    },
    prove: async ({ by, activity }) => {
        const pair = (await context().getActorKeyPairs(by)).find((one) => one.privateKey.algorithm.name === "Ed25519");
        const made = await vocab.Activity.fromJsonLd(activity, context());
        return (await fedify.signObject(made, pair.privateKey, pair.multikey.id, context())).toJsonLd();
    },
    verify: async ({ document }) => (await fedify.verifyObject(vocab.Activity, document, context())) !== null,
    fetch: async ({ url, kind }) => { // as anybody would, without a signature
        const answer = await fetch(url, { headers: { Accept: kind } });
        const body = answer.ok ? await answer.json() : null;
        return { status: answer.status, kind: answer.headers.get("content-type"), body };
    },
    verifyVouch: async ({ document }) => { // both signatures, each by a key that its holder's page names
        const { evidence, proof, ...bare } = document;
        return await signed(bare, evidence.proof, document.credentialSubject)
            && await signed({ ...bare, evidence }, proof, document.issuer);
    },
    post: async ({ by, inbox, body, spec }) => {
        const headers = { "Content-Type": "application/activity+json" };
        const request = new Request(inbox, { method: "POST", headers, body: JSON.stringify(body) });
        const [rsa] = await context().getActorKeyPairs(by);
        const signed = await fedify.signRequest(request, rsa.privateKey, rsa.cryptographicKey.id, { spec });
        return (await fetch(signed)).status;
    },
};

async function signed(document, { verificationMethod, cryptosuite, proofPurpose, proofValue, created }, holder) {
    const key = holder.id.slice("did:key:".length);
    const person = (await context().documentLoader(holder.alsoKnownAs)).document;
    const named = person.assertionMethod.some((method) => method.publicKeyMultibase === key);
    if (!named || verificationMethod !== `${holder.id}#${key}`) return false;
    const id = new URL(verificationMethod);
    const publicKey = await fedify.importMultibaseKey(key);
    const multikey = new vocab.Multikey({ id, controller: new URL(holder.alsoKnownAs), publicKey });
    const proof = new vocab.DataIntegrityProof({
        cryptosuite, proofPurpose, verificationMethod: id, created: Temporal.Instant.from(created),
        proofValue: fedify.decodeMultibase(proofValue),
    });
    const keyCache = { get: async () => multikey, set: async () => {} }; // nobody can fetch a did:key
    return (await fedify.verifyProof(document, proof, { ...context(), keyCache })) !== null;
}

function context() {
    return federation.createContext(new URL(`https://${given.name}`), undefined);
}

async function obey(line) {
    try {
        const { order, ...words } = JSON.parse(line);
        say({ answer: (await orders[order](words)) ?? null });
    } catch (error) {
        say({ error: String(error?.stack ?? error) });
    }
}

function say(words) {
    process.stdout.write(`${JSON.stringify(words)}\n`);
}

async function answer(incoming, outgoing) {
    const body = Buffer.concat(await incoming.toArray());
    const response = await answered(incoming, body).catch((error) => {
        console.error(error);
        return new Response("broken", { status: 500 });
    });
    if (incoming.method === "POST") {
        knocks.push({ path: incoming.url, headers: incoming.headers, body: body.toString(), status: response.status });
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
}

async function answered(incoming, body) {
    if (house.answers) return new Response("as told", { status: house.answers });
    const old = incoming.method === "POST" && !incoming.headers["signature-input"];
    if (old && house.takes === "rfc9421") return new Response("RFC 9421, please", { status: 401 });
    const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const sent = { method: incoming.method, headers, body: incoming.method === "POST" ? body : undefined };
    return federation.fetch(new Request(`https://${given.name}${incoming.url}`, sent), { contextData: undefined });
}

function dialHere(ports, ca) {
    const connect = buildConnector({ ca });
    setGlobalDispatcher(new Agent({
        connect: (options, done) => connect(
            { ...options, hostname: "127.0.0.1", servername: options.hostname, port: ports[options.hostname] ?? 1 }, done,
        ),
    }));
}
