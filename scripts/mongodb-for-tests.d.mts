/** A MongoDB-protocol server that tests may use. */
export interface TestServer {
  readonly url: string;
  readonly kind: string;
  stop(): Promise<void>;
}

export const HOW_TO_GET_ONE: string;

export function mongodbForTests(
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<TestServer | null>;
