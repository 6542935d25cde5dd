// A preload (`--import`): whatever connects to port 80 or 443, on any machine, reaches a server of the test's instead, which
// listens on 127.0.0.1 and the port that the address of this file names. So a connection that must not be made is seen.
import { Socket } from "node:net";

const port = Number(new URL(import.meta.url).searchParams.get("port"));
const webPorts = new Set([80, 443]);
const connect = Socket.prototype.connect;

Socket.prototype.connect = function toTestServer(...values) {
  const [options] = Array.isArray(values[0]) ? values[0] : values;
  if (webPorts.has(Number(options?.port))) Object.assign(options, { host: "127.0.0.1", port, lookup: undefined });
  return connect.apply(this, values);
};
