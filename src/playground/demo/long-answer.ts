/** The loop that the answer shows: what the bridge does, in its plainest form. */
const loop = `interface Chat {
  post(text: string): Promise<Message>;
  edit(message: Message, text: string): Promise<void>;
}

/** A place for one more call within the chat's limits. */
type Turn = () => Promise<void>;

/** A growing text: newest wins, one call at a time. */
export class GrowingText {
  #newest = "";
  #shown = "";
  #isComplete = false;
  #message: Message | undefined;
  #wake = () => {};

  /** Called for every piece that arrives. Never waits. */
  write(text: string): void {
    this.#newest = text;
    this.#wake();
  }

  complete(): void {
    this.#isComplete = true;
    this.#wake();
  }

  /** Resolves when the chat shows all that was written. */
  async show(chat: Chat, turn: Turn): Promise<void> {
    while (true) {
      if (this.#shown !== this.#newest) {
        await turn();
        await this.#call(chat, this.#newest);
      } else if (this.#isComplete) {
        return;
      } else {
        await this.#nextPiece();
      }
    }
  }

  async #call(chat: Chat, text: string): Promise<void> {
    if (this.#message) await chat.edit(this.#message, text);
    else this.#message = await chat.post(text);
    this.#shown = text;
  }

  #nextPiece(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake;
    });
  }
}

/** Carries an answer from the agent into a chat. */
export async function relay(
  answer: AsyncIterable<string>,
  chat: Chat,
  turn: Turn,
): Promise<void> {
  const growing = new GrowingText();
  const shown = growing.show(chat, turn);
  let text = "";
  for await (const piece of answer) {
    text += piece;
    growing.write(text);
  }
  growing.complete();
  await shown;
}`;

/** The demo's long answer: several messages on either platform, with code, Chinese and emoji. It tells only what is true. */
export const longAnswer = [
  "## How a long answer gets into a chat ✨",

  "You send **one message**. The agent answers in a *stream*: a few characters at a time, for as long as it takes. A chat knows no streams. It knows messages, which can be sent and edited, and which are full at 4,096 characters on Telegram and at 2,000 on Discord. The bridge stands between the two. 👀",

  "### The heart of it 💓",

  "One slot for the newest text instead of a queue of changes:",

  `\`\`\`ts\n${loop}\n\`\`\``,

  "The function `turn` hides the pace: it resolves when the limits of the chat leave room for one more call. While it waits, `write` may be called a hundred times, and the one edit that follows carries the result of them all. So a fast model never floods a slow chat. What `relay` leaves out is what happens when things go wrong: a platform that asks for patience, a connection that breaks, a message that somebody deletes while it grows. The bridge knows an answer to each of them. 🚀",

  "### What you can count on",

  [
    "1. The **first words** come at once, so that you never look at an empty screen.",
    "2. Every **edit** carries the newest text of its moment. Nothing queues up, so nothing that you see is old.",
    "3. The **pace** is even. Telegram counts the sends and edits of a chat together; Discord refuses the sixth edit within five seconds. Whoever breaks such a limit has to wait, and so do the readers.",
    "4. When a message is full, the answer **goes on in the next one**. It is cut between paragraphs, else between lines, sentences or words. A block of code is closed at the end of one message and opened again, in its language, at the beginning of the next: look at the one above, on Discord.",
    "5. The **last edit** is certain. However long the platform makes it wait, in the end the whole text stands in the chat: nothing cut, nothing doubled, nothing frozen.",
    "6. Your **memory** is yours. Everybody has a conversation of their own on Coze, under a name and a token of their own. `/new` begins another one, and `/stop` ends an answer here as well as on Coze.",
  ].join("\n"),

  "### 同一件事，用中文再说一遍 🐼",

  "你发出一条消息，智能体的回答像流水一样到来：每次只有几个字，直到说完为止。可是聊天软件里没有“流”，只有一条一条的消息。消息可以发送，也可以编辑，而且有长度上限：Telegram 是 4,096 个字符，Discord 是 2,000 个字符。桥就站在两者中间。",

  "第一个字一到，桥就立刻发出消息，你不会对着空白的屏幕发呆。之后它不断**编辑**这条消息，每一次编辑带上的都是那一刻最新的全文。没有排队，所以你看到的永远不是旧内容。它的节奏很均匀：平台允许多快，它就走多快，但绝不越线，因为越线的代价是漫长的等待。",

  "一条消息写满了，回答就在下一条里继续。断开的位置总是选在段落之间；实在不行，就在两行之间、两句之间，或者两个词之间。代码块会在前一条消息里好好地结束，在后一条消息里重新开始，语言标记也不会丢。汉字、标点和表情符号都不会被切成两半：这只🦊走到下一条消息里，还是一只完整的狐狸。🎉",

  "最后一次编辑一定会送达。网络断了就再试一次，平台说“请等一等”就等一等。等到一切安静下来，屏幕上的文字和智能体写下的文字**一字不差**。你的记忆也只属于你：在 Coze 那边，每个人都有自己的名字、自己的令牌和自己的对话，谁也看不到别人的。输入 `/new` 就从头开始，输入 `/stop` 就停下来。",

  "### And that is all 🍵",

  "Scroll up, if you like, and look where the messages end. The line below this conversation says how many there are, how often they were edited, and whether every visible character arrived, once and in order. It is not written in advance: it is counted on the platforms' side, after the last edit.",
].join("\n\n");
