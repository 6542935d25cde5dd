import { type ChildProcess, fork } from "node:child_process";

/** What another process can be asked to do. Arguments and results are what `structuredClone` can copy. */
export type Service<Api> = { readonly [Name in keyof Api]: (argument: never) => Promise<unknown> };

interface Question {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string });

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A process of its own, so that what it costs is its alone. */
export class Remote<Api extends Service<Api>> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(script: URL, nodeOptions: readonly string[] = []) {
    this.#child = fork(script, { execArgv: [...nodeOptions], serialization: "advanced" });
    this.#child.on("message", (answer: Answer) => this.#settle(answer));
    this.#child.on("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${script.pathname} ended with ${code}`));
      this.#waiting.clear();
    });
  }

  ask<Name extends keyof Api & string>(
    method: Name,
    ...[argument]: Parameters<Api[Name]>
  ): Promise<Awaited<ReturnType<Api[Name]>>> {
    this.#lastId += 1;
    const question: Question = { id: this.#lastId, method, argument };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve: (result) => resolve(result as never), reject });
      this.#child.send(question);
    });
  }

  end(): void {
    this.#child.disconnect();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("failure" in answer) waiting?.reject(new Error(answer.failure));
    else waiting?.resolve(answer.result);
  }
}

/** Answers what the parent process asks. */
export function serve<Api extends Service<Api>>(service: Api): void {
  const methods = service as unknown as Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;
  process.on("message", ({ id, method, argument }: Question) => {
    const send = (answer: Answer) => process.send?.(answer);
    Promise.resolve(methods[method]?.(argument)).then(
      (result) => send({ id, result }),
      (error: unknown) =>
        send({ id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
}
