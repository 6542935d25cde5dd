export async function runPlayground(): Promise<number> {
  return 0;
}
