/** What a path of the Bot API names. */
export interface Route {
  readonly token: string;
  /** The method as the client wrote it, or `/file` for a download. */
  readonly name: string;
  /** The parameters that are in the path. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** `/bot<token>/<method>`, the same with `/test/` for the test servers, `/file/bot<token>/<file_path>`. */
export function parseRoute(pathname: string): Route | undefined {
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(pathname);
  if (file !== null) return { token: decoded(file[1]), name: "/file", parameters: { file_path: decoded(file[2]) } };
  const method = /^\/bot([^/]+)\/(?:test\/)?([^/]+)$/.exec(pathname);
  if (method !== null) return { token: decoded(method[1]), name: decoded(method[2]), parameters: {} };
  return undefined;
}

/** Clients may write the colon of the token as `%3A`. */
function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
