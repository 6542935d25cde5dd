import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Server } from "./allowed-server.ts";

/**
 * One GET of a connection of its own, to the addresses of `server` and no others. Resolves with the head of the answer,
 * whatever its status; the body can be read or destroyed.
 */
export function get(url: URL, server: Server, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request({
      host: server.host,
      port: server.port,
      path: url.pathname + url.search,
      headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "coze-bridge" },
      agent: false,
      lookup: knownAddresses(server.addresses),
      signal,
    })
      .on("response", resolve)
      .on("error", reject)
      .end();
  });
}

/** Answers with what has been checked, so that a name can't lead to another place by now. */
function knownAddresses(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    const [first] = known;
    if (all) callback(null, known);
    else callback(null, first?.address ?? "", first?.family);
  };
}
