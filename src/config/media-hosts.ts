import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { readList } from "./values.ts";

/** Whether files may be fetched from a server that is not on the public internet. */
export type PrivateMediaHosts = (host: string, port: number) => boolean;

/**
 * Servers of the operator's own network from which links in answers may be fetched: host names or IP addresses, with
 * commas; `host:port` is that port alone, a host without one means the ports 80 and 443.
 */
export function readMediaHosts(settings: Settings): PrivateMediaHosts | undefined {
  const name = "MEDIA_PRIVATE_HOSTS";
  const servers = new Set<string>();
  for (const value of readList(settings, name)) {
    const [, host, port] = server.exec(value) ?? [];
    if (host === undefined || Number(port ?? 80) > 65_535) {
      settings.refuse(name, `${quote(value)} is no host or host:port.`, "For example minio.lan:9000,192.168.1.20.");
      continue;
    }
    for (const known of port === undefined ? [80, 443] : [Number(port)]) servers.add(serverKey(host, known));
  }
  return servers.size === 0 ? undefined : (host, port) => servers.has(serverKey(host, port));
}

/** IPv6 addresses stand in brackets, as in a URL. */
const server = /^([\p{L}\d_.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/iu;

function serverKey(host: string, port: number): string {
  return `${host.replace(/^\[(.*)\]$/, "$1").toLowerCase()} ${port}`;
}
